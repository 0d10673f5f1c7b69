package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.metrics.Metrics;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Strangers, slow readers and ends of all kinds, over real sockets. */
@Tag("slow")
class MeshStressTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aThousandIdleConnectionsDoNoHarm() throws IOException {
    List<Socket> strangers = new ArrayList<>();
    try (RealNode a = RealNode.named("a");
        RealNode b = RealNode.named("b", a.address())) {
      meet(a, b);
      for (int i = 0; i < 1_000; i++) {
        strangers.add(new Socket(NetUtil.LOCALHOST4, a.port()));
      }
      b.mesh.send(a.mesh.self().id(), "still there".getBytes(StandardCharsets.UTF_8));
      RealNode.await("messages arrive", SOON, () -> a.seen.messages.contains("b: still there"));
      try (RealNode c = RealNode.named("c", a.address())) {
        RealNode.await("a newcomer is let in", SOON, () -> c.in(PeerState.ALIVE).size() == 2);
        RealNode.await(
            "the oldest made room, the others timed out",
            SOON,
            () -> a.dropped("limit") + a.dropped("handshake_timeout") >= 1_000);
      }
      assertThat(a.dropped("limit")).isGreaterThanOrEqualTo(1_000 - Links.MOST_GREETING - 10);
      assertThat(a.in(PeerState.ALIVE)).contains("b");
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void aPeerThatStopsReadingCostsBoundedMemoryAndNobodyElse() {
    CountDownLatch release = new CountDownLatch(1);
    try (RealNode a = RealNode.named("a");
        RealNode b = RealNode.named("b", a.address());
        RealNode stuck = RealNode.named("stuck", a.address())) {
      meet(a, b);
      meet(a, stuck);
      try {
        stuck.loop.execute(() -> awaitQuietly(release));
        byte[] batch = new byte[32 * 1024];
        int sent = 4_000; // 128 MB
        for (int i = 0; i < sent; i++) {
          a.mesh.send(stuck.mesh.self().id(), batch);
          if (i % 100 == 0) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
          }
        }
        RealNode.await("what doesn't fit is dropped", SOON, () -> a.dropped("not_writable") > 0);
        RealNode.await("it is doubted", SOON, () -> !a.in(PeerState.ALIVE).contains("stuck"));
        RealNode.await("the others go on", SOON, () -> a.in(PeerState.ALIVE).contains("b"));
        // Sockets and queues hold the rest: some MB of kernel buffers, 1 MiB of ours, 4 MiB of its.
        long kept = sent - a.dropped("not_writable") - a.dropped("unreachable");
        assertThat(kept * batch.length).isLessThan(48L << 20);
        assertThat(a.seen.ever("b", PeerState.DEAD)).isFalse();
        assertThat(b.seen.ever("a", PeerState.DEAD)).isFalse();
      } finally {
        release.countDown();
      }
      RealNode.await(
          "it is back", Duration.ofSeconds(40), () -> a.in(PeerState.ALIVE).contains("stuck"));
    }
  }

  @Test
  void theLargestBatchesArriveAndPingsGoOnMeanwhile() {
    try (RealNode a = RealNode.named("a");
        RealNode b = RealNode.named("b", a.address())) {
      meet(a, b);
      byte[] largest = new byte[Wire.LARGEST_FRAME - 64];
      for (int i = 0; i < 30; i++) {
        a.mesh.send(b.mesh.self().id(), largest);
        int wanted = i + 1;
        RealNode.await("it arrives", SOON, () -> b.seen.messages.size() == wanted);
      }
      a.mesh.send(b.mesh.self().id(), new byte[Wire.LARGEST_FRAME]);
      RealNode.await("too large is counted", SOON, () -> a.dropped("oversized") == 1);
      System.out.println(
          "real sockets, 30 batches of 1 MiB: suspicion "
              + (a.seen.ever("b", PeerState.SUSPECT) || b.seen.ever("a", PeerState.SUSPECT)));
      assertThat(a.seen.ever("b", PeerState.DEAD)).isFalse();
      assertThat(b.seen.ever("a", PeerState.DEAD)).isFalse();
    }
  }

  @Test
  void stoppingAtAnyMomentLeavesNoThreadAndNoSocket() {
    Set<Thread> before = threads();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      try (TestLoop loop = new TestLoop();
          RealNode other = RealNode.named("other")) {
        MeshConfig config =
            MeshConfig.of("a", 1, "127.0.0.1", 0)
                .withSeeds(List.of(other.address(), "10.255.255.1:1"));
        ScalecubeMesh mesh =
            new ScalecubeMesh(config, loop.world(1), Metrics.unseen(), PeerMemory.NONE);
        var started = mesh.start(new Seen()).toCompletableFuture();
        if (i > 0) {
          started.orTimeout(10, TimeUnit.SECONDS).join();
          ports.add(Address.written(mesh.self().address()).orElseThrow().port());
        }
        if (i > 1) {
          RealNode.await("it is found", SOON, () -> other.in(PeerState.ALIVE).contains("a"));
        }
        if (i > 2) {
          mesh.leave().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        }
        mesh.stop().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        mesh.stop().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
        mesh.leave().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
      }
    }
    for (int port : ports) {
      try (RealNode next = new RealNode(MeshConfig.of("next", 9, "127.0.0.1", port)).start()) {
        assertThat(next.port()).isEqualTo(port);
      }
    }
    RealNode.await(
        "all threads end: " + threads(),
        Duration.ofSeconds(30),
        () -> {
          Set<Thread> left = threads();
          left.removeAll(before);
          return left.isEmpty();
        });
  }

  private static void meet(RealNode a, RealNode b) {
    String one = a.mesh.self().id().name();
    String other = b.mesh.self().id().name();
    RealNode.await(
        one + " and " + other + " meet",
        SOON,
        () -> a.in(PeerState.ALIVE).contains(other) && b.in(PeerState.ALIVE).contains(one));
  }

  private static void awaitQuietly(CountDownLatch release) {
    try {
      boolean unused = release.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Threads that a mesh makes. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getName().startsWith("mesh-") || thread.getName().startsWith("sc-cluster"))
        .collect(Collectors.toSet());
  }
}
