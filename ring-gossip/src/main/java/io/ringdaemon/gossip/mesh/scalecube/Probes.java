package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.proto.Probe;
import io.ringdaemon.proto.ProbeReply;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Asks a peer directly whether it is there, past scalecube; the answer comes from the peer's loop,
 * so a frozen process does not give one. Confined to the loop. <b>Bounds:</b> 1,000 questions open.
 */
final class Probes {
  private static final int MOST_OPEN = 1_000;

  private record Asked(PeerId peer, CompletableFuture<Boolean> answer, Loop.Timer timer) {}

  private final World world;
  private final Links links;
  private final Map<Long, Asked> open = new HashMap<>();
  private long lastId;

  Probes(World world, Links links) {
    this.world = world;
    this.links = links;
  }

  void ask(PeerId peer, String address, Duration timeout, CompletableFuture<Boolean> answer) {
    if (open.size() >= MOST_OPEN) {
      answer.complete(false);
      return;
    }
    long id = ++lastId;
    Loop.Timer timer = world.loop().after(timeout, () -> settle(id, false));
    open.put(id, new Asked(peer, answer, timer));
    links.send(
        address,
        Link.Lane.MEMBERSHIP,
        Frame.newBuilder().setProbe(Probe.newBuilder().setId(id)).build(),
        new Wire.Delivery() {
          @Override
          public void written() {}

          @Override
          public void lost(String why) {
            world.loop().execute(() -> settle(id, false));
          }
        });
  }

  /** Asks without waiting for an answer; {@code lost} if the question can't even be delivered. */
  void knock(String address, Runnable lost) {
    links.send(
        address,
        Link.Lane.MEMBERSHIP,
        Frame.newBuilder().setProbe(Probe.getDefaultInstance()).build(),
        new Wire.Delivery() {
          @Override
          public void written() {}

          @Override
          public void lost(String why) {
            world.loop().execute(lost);
          }
        });
  }

  /** An answer came; it counts only from the life that was asked. */
  void answered(Hello from, ProbeReply reply) {
    Asked asked = open.get(reply.getId());
    if (asked != null) {
      settle(reply.getId(), !reply.getRefused() && asked.peer.equals(Handshake.id(from)));
    }
  }

  void stop() {
    for (Long id : open.keySet().toArray(Long[]::new)) {
      settle(id, false);
    }
  }

  private void settle(long id, boolean there) {
    Asked asked = open.remove(id);
    if (asked != null) {
      asked.timer.cancel();
      asked.answer.complete(there);
    }
  }
}
