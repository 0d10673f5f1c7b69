package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.sim.SimulatedMesh;
import io.ringdaemon.kv.KvStoreContract;
import io.ringdaemon.kv.VirtualClient;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Each client is a node of its own on a simulated mesh. */
class GossipContractTest extends KvStoreContract {
  private final VirtualTime time = new VirtualTime(7);
  private final SimulatedMesh mesh = new SimulatedMesh(time, 7);
  private final List<String> names = new ArrayList<>();

  @Override
  protected Client client(String name) {
    names.add(name);
    VirtualTime.Node node = time.node();
    GossipKvStore store =
        new GossipKvStore(
            node.world(),
            mesh.join(name, node, java.util.Set.of()),
            GossipConfig.DEFAULTS,
            List.of(RingCodec.INSTANCE),
            Metrics.unseen());
    VirtualClient client = new VirtualClient(time, node, store, line(name));
    CompletableFuture<Void> started = client.on(store::start).toCompletableFuture();
    until("it has started", started::isDone);
    return client;
  }

  private VirtualClient.Line line(String name) {
    return new VirtualClient.Line() {
      @Override
      public void cut() {
        List<String> others = new ArrayList<>(names);
        others.remove(name);
        mesh.split(name + " | " + String.join(" ", others));
      }

      @Override
      public void mend() {
        mesh.heal();
      }
    };
  }

  @Override
  protected void until(String what, BooleanSupplier condition) {
    time.runUntil(Duration.ofMinutes(3), condition);
  }

  @Override
  protected <T> T on(Client client, Supplier<T> work) {
    return ((VirtualClient) client).on(work);
  }

  @Override
  protected OptionalInt largestValue() {
    return OptionalInt.empty();
  }
}
