package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Changes made through any of three real daemons over HTTP (design.md section 5). */
@Tag("slow")
class ChangesIT {
  private static final Duration START = Duration.ofSeconds(40);
  private static final Duration FIVE = Duration.ofSeconds(5);
  private static final String CARRIED_OUT = "ring_daemon_changes_carried_out_total";

  @TempDir Path folder;

  private static HttpResponse<String> readOnly(
      DaemonProcess through, String id, boolean on, String... headers) throws InterruptedException {
    var request =
        through
            .to("/api/v1/rings/default/instances/" + id + "/read-only")
            .PUT(BodyPublishers.ofString(Boolean.toString(on)));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return through.ask(request).orElseThrow(() -> new AssertionError("no answer"));
  }

  private static boolean isReadOnly(DaemonProcess node, String id) throws InterruptedException {
    return node.instance(id).orElseThrow().path("readOnly").asBoolean(false);
  }

  private static void together(List<Callable<Void>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<Void> one : threads.invokeAll(work, 60, TimeUnit.SECONDS)) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aThousandThroughThreeNodesAreCarriedOutOnceEachAndAllAgree() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      List<Callable<Void>> work = new ArrayList<>();
      for (int thread = 0; thread < 50; thread++) {
        Random chance = new Random(thread);
        work.add(
            () -> {
              for (int i = 0; i < 20; i++) {
                DaemonProcess through = cluster.nodes.get(chance.nextInt(3));
                String id = cluster.nodes.get(chance.nextInt(3)).name;
                assertThat(readOnly(through, id, chance.nextBoolean()).statusCode()).isEqualTo(204);
              }
              return null;
            });
      }
      long began = System.nanoTime();
      together(work);
      System.out.printf(
          "1000 changes through 3 nodes by 50 clients: %.2f s%n",
          (System.nanoTime() - began) / 1e9);
      double carriedOut = 0;
      for (DaemonProcess node : cluster.nodes) {
        carriedOut += node.metric(CARRIED_OUT);
      }
      assertThat(carriedOut).isEqualTo(1000);
      cluster.until(
          FIVE,
          "one version everywhere",
          () -> {
            String version = cluster.nodes.get(0).ring().path("version").asString("");
            for (DaemonProcess node : cluster.nodes) {
              if (!node.ring().path("version").asString("-").equals(version)) {
                return false;
              }
            }
            return true;
          });
    }
  }

  @Test
  void changesBasedOnWhatWasReadOverwriteNothingAndAStaleOneIsTold() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      Map<String, Integer> flips = new TreeMap<>();
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        DaemonProcess through = cluster.nodes.get(i % 3);
        String id = cluster.nodes.get(i / 3).name;
        Random chance = new Random(i);
        flips.merge(id, 15, Integer::sum);
        work.add(() -> flip(through, id, 15, chance));
      }
      together(work);
      for (DaemonProcess node : cluster.nodes) {
        for (Map.Entry<String, Integer> one : flips.entrySet()) {
          cluster.until(
              FIVE,
              one.getKey() + " after " + one.getValue() + " flips",
              () -> isReadOnly(node, one.getKey()) == (one.getValue() % 2 == 1));
        }
      }

      HttpResponse<String> stale =
          readOnly(cluster.nodes.get(1), "ring-1", true, "If-Match", "\"0000000000000000\"");
      assertThat(stale.statusCode()).isEqualTo(412);
      assertThat(stale.headers().firstValue("ETag")).isPresent();
      assertThat(DaemonProcess.JSON.readTree(stale.body()).path("version").asString(""))
          .isEqualTo(cluster.nodes.get(0).ring().path("version").asString("-"));
    }
  }

  /** Reads, flips if it is still so, and reads again if not. */
  private static Void flip(DaemonProcess through, String id, int times, Random chance)
      throws InterruptedException {
    int left = times;
    while (left > 0) {
      JsonNode ring = through.ring();
      boolean on = false;
      for (JsonNode instance : ring.path("instances")) {
        if (instance.path("id").asString("").equals(id)) {
          on = instance.path("readOnly").asBoolean(false);
        }
      }
      String tag = "\"" + ring.path("version").asString("") + "\"";
      int status = readOnly(through, id, !on, "If-Match", tag).statusCode();
      assertThat(status).isIn(204, 412);
      left -= status == 204 ? 1 : 0;
      TimeUnit.MILLISECONDS.sleep(chance.nextInt(20));
    }
    return null;
  }

  @Test
  void aSilentLeaderIsPassedOverARetryRepeatsNothingAndResigningMovesTheLead() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess leader = cluster.node(Cluster.agreedLeader(cluster.nodes));
      DaemonProcess asked = cluster.others(leader).get(0);

      for (int i = 0; i < 3; i++) {
        assertThat(readOnly(asked, asked.name, true, "Idempotency-Key", "once").statusCode())
            .isEqualTo(204);
      }
      assertThat(leader.metric(CARRIED_OUT) + asked.metric(CARRIED_OUT)).isEqualTo(1);

      long epoch = leader.epoch();
      var resigned =
          asked.ask(asked.to("/api/v1/rings/default/leader/resign").POST(BodyPublishers.noBody()));
      assertThat(resigned.orElseThrow().body()).contains("\"resigned\":\"" + leader.name + "\"");
      cluster.until(
          FIVE,
          "another leads",
          () -> {
            String now = Cluster.agreedLeader(cluster.nodes);
            return now != null && leader.epoch() > epoch;
          });

      cluster.settled(cluster.nodes, START);
      DaemonProcess frozen = cluster.node(Cluster.agreedLeader(cluster.nodes));
      DaemonProcess other = cluster.others(frozen).get(0);
      frozen.signal("STOP");
      long began = System.nanoTime();
      assertThat(readOnly(other, other.name, false).statusCode()).isEqualTo(204);
      System.out.printf(
          "a change while the leader is frozen: %.2f s%n", (System.nanoTime() - began) / 1e9);
      frozen.signal("CONT");
      assertThat(isReadOnly(other, other.name)).isFalse();
      cluster.settled(cluster.nodes, START);
    }
  }
}
