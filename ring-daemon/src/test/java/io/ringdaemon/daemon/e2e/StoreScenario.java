package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.wire.SnappyBlock;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.RealServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real daemons whose ring is kept by another, real program, and no gossip between them. */
abstract class StoreScenario {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String KEY = "collectors/default";

  @TempDir Path folder;
  private RealServer server;

  /** A running one, empty. */
  abstract RealServer start(Path folder) throws Exception;

  /** Where the ring is kept: {@code store}, and the options of that store. */
  abstract List<String> kept(RealServer server);

  /** What its trouble begins with. */
  abstract String named();

  @BeforeEach
  void startServer() throws Exception {
    server = start(folder);
  }

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private Cluster three() throws Exception {
    return three("5s");
  }

  private Cluster three(String heartbeatTimeout) throws Exception {
    Cluster cluster = new Cluster(folder);
    for (int i = 1; i <= 3; i++) {
      cluster.add("ring-" + i, DaemonProcess.freePort(), options(heartbeatTimeout));
    }
    return cluster;
  }

  private List<String> options(String heartbeatTimeout) {
    String ring = "--set=rings.default.";
    List<String> options = new ArrayList<>();
    kept(server).forEach(option -> options.add(ring + "kvstore." + option));
    options.add(ring + "heartbeat_period=1s");
    options.add(ring + "heartbeat_timeout=" + heartbeatTimeout);
    return options;
  }

  private RingDesc stored() throws Exception {
    return RingCodec.INSTANCE.decode(SnappyBlock.decompress(server.get(KEY).orElseThrow()));
  }

  @Test
  void theyShareARingElectALeaderAndForgetWhoWasKilled() throws Exception {
    try (Cluster cluster = three()) {
      cluster.settled(cluster.nodes, START);
      assertThat(stored().instances().stream().map(InstanceDesc::id))
          .containsExactly("ring-1", "ring-2", "ring-3");
      for (DaemonProcess node : cluster.nodes) {
        assertThat(node.page("/ring")).contains("ring-1").contains("ring-2").contains("ring-3");
        assertThat(node.status("/ready")).isEqualTo(200);
        assertThat(node.json("/api/v1/members").path("members")).as("no gossip").isEmpty();
        assertThat(node.json("/api/v1/rings/default/leader").path("strength").asString(""))
            .isEqualTo("strong");
      }
      DaemonProcess old = cluster.node(Cluster.agreedLeader(cluster.nodes));
      List<DaemonProcess> others = cluster.others(old);
      long epoch = others.get(0).epoch();
      old.kill();
      cluster.until(
          START,
          "another leads",
          () -> {
            String leader = Cluster.agreedLeader(others);
            return leader != null && !leader.equals(old.name);
          });
      assertThat(others.get(0).epoch()).isGreaterThan(epoch);
      assertThat(others.get(1).forget(old.name).statusCode()).isEqualTo(302);
      for (DaemonProcess node : others) {
        cluster.until(START, "it is forgotten", () -> node.instance(old.name).isEmpty());
      }
      assertThat(stored().entry(old.name)).as("removed from the value, no tombstone").isEmpty();
      old.start();
      cluster.settled(cluster.nodes, START);
    }
  }

  @Test
  void aKilledLeaderIsFollowedWhenItsLockRunsOutLongBeforeItsHeartbeatIsOld() throws Exception {
    try (Cluster cluster = three("10m")) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess old = cluster.node(Cluster.agreedLeader(cluster.nodes));
      List<DaemonProcess> others = cluster.others(old);
      old.kill();
      Duration took =
          cluster.until(
              START,
              "another leads",
              () -> {
                String leader = Cluster.agreedLeader(others);
                return leader != null && !leader.equals(old.name);
              });
      System.out.printf("killed with its lock in %s: another led after %s%n", named(), took);
      assertThat(others.get(0).instance(old.name).orElseThrow().path("healthy").asBoolean(false))
          .as("by its heartbeat it still lives")
          .isTrue();
      old.start();
      cluster.settled(cluster.nodes, START);
    }
  }

  @Test
  void aStoreThatStopsOrStandsStillLeavesTheViewAndIsTakenUpAgain() throws Exception {
    try (Cluster cluster = three()) {
      cluster.settled(cluster.nodes, START);
      server.pause();
      outageIsShown(cluster);
      server.resume();
      recovers(cluster);
      server.stop();
      outageIsShown(cluster);
      server.start();
      recovers(cluster);
    }
  }

  private void outageIsShown(Cluster cluster) {
    for (DaemonProcess node : cluster.nodes) {
      cluster.until(START, "the page tells", () -> node.page("/ring").contains("What is shown is"));
      cluster.until(START, "/ready tells", () -> node.page("/ready").contains(named()));
      cluster.until(
          START,
          "the view stays",
          () -> node.ring().path("instances").size() == 3 && node.status("/ready") == 200);
      cluster.until(START, "metrics tell", () -> node.metric("ring_daemon_store_reachable") == 0);
    }
  }

  private void recovers(Cluster cluster) throws Exception {
    double before = writes(cluster);
    long began = System.nanoTime();
    for (DaemonProcess node : cluster.nodes) {
      cluster.until(START, "the trouble is over", () -> !node.page("/ready").contains(named()));
      cluster.until(
          START,
          "all are healthy again",
          () -> {
            List<Boolean> healthy = new ArrayList<>();
            node.ring()
                .path("instances")
                .forEach(one -> healthy.add(one.path("healthy").asBoolean(false)));
            return healthy.equals(List.of(true, true, true));
          });
    }
    cluster.settled(cluster.nodes, START);
    assertThat(before).as("writes are counted").isPositive();
    assertThat(writes(cluster) - before)
        .as("heartbeats of a second each: what waited is not written in one go")
        .isLessThan(cluster.nodes.size() * (20 + 3.0 * (System.nanoTime() - began) / 1e9));
  }

  private static double writes(Cluster cluster) throws Exception {
    double sum = 0;
    for (DaemonProcess node : cluster.nodes) {
      sum +=
          node.page("/metrics")
              .lines()
              .filter(line -> line.startsWith("ring_daemon_store_requests_total"))
              .filter(line -> line.contains("operation=\"write\""))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .sum();
    }
    return sum;
  }

  @Test
  void aStoreThatCanNotBeReachedAtTheStartIsWaitedFor() throws Exception {
    server.stop();
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node = cluster.add("alone", DaemonProcess.freePort(), options("5s"));
      cluster.until(START, "it lives", () -> node.status("/live") == 200);
      cluster.until(
          START,
          "it says why it isn't ready",
          () -> node.status("/ready") == 503 && node.page("/ready").contains("Connection refused"));
      assertThat(node.tail()).contains("Connection refused");
      server.start();
      cluster.until(START, "it is ready", () -> node.status("/ready") == 200);
    }
  }
}
