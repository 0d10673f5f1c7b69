package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Message.Direct;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.World;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Messages of other parts of the program over the mesh. One to this very node is delivered on the
 * loop, without the mesh; what nobody can receive is dropped and counted.
 */
final class MeshCourier implements Courier {
  private final World world;
  private final Mesh mesh;
  private final BiConsumer<PeerId, Message> sender;
  private final Map<String, Receiver> receivers = new TreeMap<>();
  private final LongAdder unreachable;
  private final LongAdder unheard;

  MeshCourier(World world, Mesh mesh, BiConsumer<PeerId, Message> sender, Metrics metrics) {
    this.world = world;
    this.mesh = mesh;
    this.sender = sender;
    this.unreachable = dropped(metrics, "unreachable");
    this.unheard = dropped(metrics, "no_receiver");
  }

  private static LongAdder dropped(Metrics metrics, String reason) {
    return metrics.counter(
        "ring_daemon_gossip_direct_dropped_total",
        "Messages from node to node that were dropped: the node was out of reach, or nobody here"
            + " hears their topic",
        "reason",
        reason);
  }

  @Override
  public void send(String node, long life, String topic, byte[] message) {
    assert world.loop().inside() : "outside the loop";
    Direct direct = new Direct(topic, message);
    PeerId to = new PeerId(node, life);
    if (to.equals(mesh.self().id())) {
      Direct copy = new Direct(topic, message.clone());
      world.loop().execute(() -> deliver(to, copy));
    } else if (reachable(to)) {
      sender.accept(to, direct);
    } else {
      unreachable.increment();
    }
  }

  private boolean reachable(PeerId to) {
    return mesh.peers().stream().anyMatch(peer -> peer.id().equals(to) && peer.state().reachable());
  }

  @Override
  public void receive(String topic, Receiver receiver) {
    assert world.loop().inside() : "outside the loop";
    if (receivers.putIfAbsent(topic, receiver) != null) {
      throw new IllegalStateException("somebody hears the topic " + topic + " already");
    }
  }

  void deliver(PeerId from, Direct direct) {
    Receiver receiver = receivers.get(direct.topic());
    if (receiver == null) {
      unheard.increment();
    } else {
      receiver.received(from.name(), from.life(), direct.body());
    }
  }
}
