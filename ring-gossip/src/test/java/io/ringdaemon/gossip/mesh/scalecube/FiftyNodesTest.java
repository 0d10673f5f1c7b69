package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.PeerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Fifty nodes with real sockets in one JVM (reference/scalecube.md 8.12), with the slower periods:
 * a machine that does other things too can't answer fifty nodes within a quarter of a second, and
 * what is looked for is whether restarts leave anything behind.
 */
@Tag("slow")
class FiftyNodesTest {
  private static final int NODES = 50;
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final List<RealNode> all = new ArrayList<>();

  @Test
  void fiftyNodesConvergeAndOutliveARollingRestart() {
    try {
      start("n0");
      for (int i = 1; i < NODES; i++) {
        pause();
        start("n" + i, all.get(0).address(), all.get(i / 2).address());
      }
      Duration converged = RealNode.await("all see all", LIMIT, this::complete);
      long began = System.nanoTime();
      for (int i = 0; i < NODES; i++) {
        RealNode old = all.remove(0);
        old.mesh.leave().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        old.close();
        start("n" + i, all.get(0).address(), all.get(NODES / 2).address());
        pause();
      }
      RealNode.await("all see all again", LIMIT, this::complete);
      System.out.println(
          "real sockets, 50 nodes: converged "
              + converged
              + " after the last start, rolling restart "
              + Duration.ofNanos(System.nanoTime() - began));
      for (RealNode node : all) {
        assertThat(node.in(PeerState.DEAD)).as("dead for %s", node.name()).isEmpty();
        assertThat(node.mesh.peers()).hasSizeLessThanOrEqualTo(2 * NODES); // their earlier lives
      }
    } finally {
      all.forEach(RealNode::close);
    }
  }

  private void start(String name, String... seeds) {
    all.add(
        new RealNode(
                MeshConfig.of(name, System.nanoTime() / 1_000, "127.0.0.1", 0)
                    .withSeeds(List.of(seeds))
                    .withTiming(MeshTiming.LAN, Duration.ofMinutes(1)))
            .start());
  }

  private boolean complete() {
    return all.stream().allMatch(node -> node.in(PeerState.ALIVE).size() == NODES - 1);
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
  }
}
