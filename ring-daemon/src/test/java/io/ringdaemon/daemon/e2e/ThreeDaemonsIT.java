package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The story of the project with three real processes on loopback. Prints its figures at the end;
 * none of them decides whether a test passes, but where the issue names a limit it is kept.
 */
@Tag("slow")
class ThreeDaemonsIT {
  private static final Duration START = Duration.ofSeconds(40);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration FIVE = Duration.ofSeconds(5);
  private static final Duration ANTI_ENTROPY = Duration.ofSeconds(12);
  private static final List<String> FIGURES = new ArrayList<>();

  @TempDir Path folder;

  @AfterAll
  static void figures() {
    System.out.println("Figures of three daemons on this machine, in seconds unless named:");
    FIGURES.forEach(figure -> System.out.println("  " + figure));
  }

  private static synchronized void figure(String what, Object value) {
    FIGURES.add(
        what
            + ": "
            + (value instanceof Duration took ? "%.2f".formatted(took.toMillis() / 1e3) : value));
  }

  @Test
  void oneAloneAnswersSoonAfterItsStart() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      cluster.add(
          "first", DaemonProcess.freePort(), List.of()); // the launcher archives classes once
      cluster.until(START, "/live", () -> cluster.nodes.get(0).status("/live") == 200);
      long began = System.nanoTime();
      DaemonProcess node = cluster.add("second", DaemonProcess.freePort(), List.of());
      cluster.until(START, "/live", () -> node.status("/live") == 200);
      figure("start of one to /live", Duration.ofNanos(System.nanoTime() - began));
    }
  }

  @Test
  void theyBecomeActiveAndTheOwnerOfTheLowestTokenLeadsOnEveryNode() throws Exception {
    long began = System.nanoTime();
    try (Cluster cluster = Cluster.of(3, folder)) {
      Duration live =
          cluster.until(START, "/live", () -> cluster.nodes.get(0).status("/live") == 200);
      figure("start to /live (three starting at once)", live);
      cluster.until(START, "/ready", () -> cluster.nodes.get(0).status("/ready") == 200);
      figure("start to /ready (observe period 1 s)", Duration.ofNanos(System.nanoTime() - began));
      cluster.settled(cluster.nodes, START);
      figure(
          "start to three ACTIVE and one leader agreed (observe period 1 s)",
          Duration.ofNanos(System.nanoTime() - began));
      String leader = Cluster.agreedLeader(cluster.nodes);
      for (DaemonProcess node : cluster.nodes) {
        assertThat(lowestTokenOwner(node.ring())).isEqualTo(leader);
        assertThat(node.saysItLeads()).isEqualTo(node.name.equals(leader));
        assertThat(node.status("/leader")).isEqualTo(node.name.equals(leader) ? 200 : 503);
        assertThat(node.page("/ring")).contains("ring-1").contains("ring-2").contains("ring-3");
        figure("resident memory of " + node.name + ", MiB", node.residentMegabytes());
      }
    }
  }

  private static String lowestTokenOwner(JsonNode ring) {
    String owner = "";
    long lowest = Long.MAX_VALUE;
    for (JsonNode instance : ring.path("instances")) {
      for (JsonNode token : instance.path("tokens")) {
        if (token.asLong() < lowest) {
          lowest = token.asLong();
          owner = instance.path("id").asString("");
        }
      }
    }
    return owner;
  }

  @Test
  void aKilledLeaderIsReplacedForgottenStaysGoneAndComesBackWithItsTokens() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess old = cluster.node(Cluster.agreedLeader(cluster.nodes));
      List<DaemonProcess> others = cluster.others(old);
      long epoch = others.get(0).epoch();
      JsonNode tokens = old.instance(old.name).orElseThrow().path("tokens");
      old.kill();
      figure("fail-over after kill -9", newLeader(cluster, others, old.name));
      for (DaemonProcess node : others) {
        assertThat(node.epoch()).isGreaterThan(epoch);
      }
      for (DaemonProcess node : others) {
        cluster.until(
            Duration.ofSeconds(10),
            "the dead one is unhealthy",
            () -> !node.instance(old.name).orElseThrow().path("healthy").asBoolean(true));
      }

      DaemonProcess asleep = others.get(0);
      DaemonProcess awake = others.get(1);
      asleep.signal("STOP");
      assertThat(awake.forget(old.name).statusCode()).isEqualTo(302);
      cluster.until(SOON, "gone from the page", () -> gone(awake, old.name));
      asleep.signal("CONT");
      figure(
          "forget seen by a peer that was frozen meanwhile",
          cluster.until(FIVE, "gone there too", () -> gone(asleep, old.name)));
      cluster.always(
          ANTI_ENTROPY, "it stays gone", () -> gone(awake, old.name) && gone(asleep, old.name));
      cluster.settled(others, START);

      old.start();
      cluster.settled(cluster.nodes, START);
      assertThat(awake.instance(old.name).orElseThrow().path("tokens")).isEqualTo(tokens);
    }
  }

  private static boolean gone(DaemonProcess node, String id) throws InterruptedException {
    JsonNode ring = node.ring();
    String row = "forget=" + id;
    return ring.has("instances")
        && node.instance(id).isEmpty()
        && !node.page("/ring").contains("value=\"" + id + "\"")
        && !node.page("/ring").contains(row);
  }

  private static Duration newLeader(Cluster cluster, List<DaemonProcess> some, String old) {
    return cluster.until(
        FIVE,
        "another leader than " + old,
        () -> {
          String now = Cluster.agreedLeader(some);
          return now != null && !now.equals(old);
        });
  }

  @Test
  void aForgetOfADeadOneIsSoonOnAllPages() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess dead = cluster.nodes.get(1);
      List<DaemonProcess> others = cluster.others(dead);
      dead.kill();
      newLeaderOrTheSame(cluster, others);
      assertThat(others.get(0).forget(dead.name).statusCode()).isEqualTo(302);
      figure(
          "forget on all pages",
          cluster.until(
              SOON,
              "gone everywhere",
              () -> gone(others.get(0), dead.name) && gone(others.get(1), dead.name)));
    }
  }

  private static void newLeaderOrTheSame(Cluster cluster, List<DaemonProcess> some) {
    cluster.until(FIVE, "a leader", () -> Cluster.agreedLeader(some) != null);
  }

  @Test
  void aFrozenLeaderIsReplacedAndNeverSaysThatItLeadsWhenItWakes() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess old = cluster.node(Cluster.agreedLeader(cluster.nodes));
      List<DaemonProcess> others = cluster.others(old);
      long epoch = others.get(0).epoch();
      old.signal("STOP");
      long stopped = System.nanoTime();
      figure("fail-over after SIGSTOP", newLeader(cluster, others, old.name));
      assertThat(others.get(0).epoch()).isGreaterThan(epoch);
      cluster.always(
          Duration.ofSeconds(30).minusNanos(System.nanoTime() - stopped),
          "they keep their leader",
          () -> Cluster.agreedLeader(others) != null);
      old.signal("CONT");
      cluster.until(
          SOON,
          "its first answer",
          () -> {
            JsonNode first = old.json("/api/v1/rings/default/leader");
            assertThat(first.path("isLeader").asBoolean(false)).isFalse();
            return first.has("epoch");
          });
      cluster.always(
          Duration.ofSeconds(3),
          "never two say that they lead",
          () -> {
            int leading = 0;
            for (DaemonProcess node : cluster.nodes) {
              leading += node.saysItLeads() ? 1 : 0;
            }
            assertThat(leading).isLessThanOrEqualTo(1);
            return true;
          });
      cluster.settled(cluster.nodes, START);
    }
  }

  @Test
  void oneToldToGoIsSeenLeavingThenGoneAndTheLeadMovesAtOnce() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess old = cluster.node(Cluster.agreedLeader(cluster.nodes));
      List<DaemonProcess> others = cluster.others(old);
      old.signal("TERM");
      for (DaemonProcess node : others) {
        cluster.until(
            SOON,
            "LEAVING, if only for half a second",
            () -> node.state(old.name).equals("LEAVING") || gone(node, old.name));
      }
      figure("lead moved after SIGTERM", newLeader(cluster, others, old.name));
      figure(
          "gone after LEAVING was seen",
          cluster.until(
              SOON, "gone", () -> gone(others.get(0), old.name) && gone(others.get(1), old.name)));
      assertThat(old.end()).isZero();
      for (DaemonProcess node : others) {
        String members = node.page("/api/v1/members");
        assertThat(members).contains("\"left\"").doesNotContain("\"dead\"");
      }
    }
  }

  @Test
  void islandsOfOneLabelMergeWhenToldOfEachOtherAndThoseOfAnotherNeverDo() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess one = cluster.add("one", DaemonProcess.freePort(), List.of());
      DaemonProcess two = cluster.add("two", DaemonProcess.freePort(), List.of());
      DaemonProcess stranger =
          cluster.add(
              "stranger",
              DaemonProcess.freePort(),
              List.of(
                  "--join=127.0.0.1:" + one.gossipPort, "--set=memberlist.cluster_label=other"));
      for (DaemonProcess node : cluster.nodes) {
        cluster.settled(List.of(node), START);
      }
      Process join =
          new ProcessBuilder(
                  Path.of(System.getProperty("project.root"), "scripts/ring-daemon").toString(),
                  "join",
                  "--url=http://127.0.0.1:" + two.httpPort,
                  "127.0.0.1:" + one.gossipPort)
              .inheritIO()
              .start();
      assertThat(join.waitFor()).isZero();
      figure("two islands merged after join", cluster.settled(List.of(one, two), START));
      cluster.always(
          ANTI_ENTROPY,
          "the stranger stays alone",
          () -> one.instance("stranger").isEmpty() && stranger.instance("one").isEmpty());
      assertThat(stranger.page("/ring")).contains("label");
      assertThat(one.metric("ring_daemon_mesh_dropped_frames_total{reason=\"label\"")).isPositive();
    }
  }
}
