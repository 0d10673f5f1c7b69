package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * How soon is a leader followed that is told to go (SIGTERM) or killed? Real processes on loopback;
 * each survivor is watched by a long poll, which answers at a change. {@code scripts/failover} runs
 * it.
 */
final class Failover {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** How long after the signal somebody else said that it leads, and all survivors named it. */
  record Took(double leadsMillis, double allKnowMillis) {}

  private final Cluster cluster;

  Failover(Cluster cluster) {
    this.cluster = cluster;
  }

  /** A line with median, 99th percentile and maximum of {@code runs} runs. */
  String report(String what, boolean kill, int runs) throws Exception {
    double[] leads = new double[runs];
    double[] know = new double[runs];
    for (int i = 0; i < runs; i++) {
      Took took = run(kill);
      leads[i] = took.leadsMillis;
      know[i] = took.allKnowMillis;
    }
    return String.format(
        Locale.ROOT,
        "%s, %d nodes, %d runs: the next one leads after %s ms, all know after %s ms (p50/p99/max)",
        what,
        cluster.nodes.size(),
        runs,
        figures(leads),
        figures(know));
  }

  private static String figures(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%.0f/%.0f/%.0f",
        sorted[(sorted.length - 1) / 2],
        sorted[(int) Math.ceil(sorted.length * 0.99) - 1],
        sorted[sorted.length - 1]);
  }

  /** Ends the leader once all is settled, and starts it again. */
  Took run(boolean kill) throws Exception {
    DaemonProcess old = settled();
    List<CompletableFuture<double[]>> watched = new ArrayList<>();
    long[] began = new long[1];
    for (DaemonProcess node : cluster.others(old)) {
      JsonNode before = node.json("/api/v1/rings/default/leader");
      CompletableFuture<double[]> seen = new CompletableFuture<>();
      watched.add(seen);
      Thread watcher =
          new Thread(() -> watch(node, before.path("epoch").asLong(0), began, seen), "watch");
      watcher.setDaemon(true);
      watcher.start();
    }
    TimeUnit.MILLISECONDS.sleep(300); // all polls are under way
    began[0] = System.nanoTime();
    if (kill) {
      old.killNow();
    } else {
      old.terminate();
    }
    double leads = Double.MAX_VALUE;
    double know = 0;
    for (CompletableFuture<double[]> seen : watched) {
      double[] at = seen.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      know = Math.max(know, at[0]);
      leads = Math.min(leads, at[1]);
    }
    old.end();
    old.start();
    return new Took(leads, know);
  }

  /** Milliseconds until it names a new leader, and until it says that it is itself. */
  private static void watch(
      DaemonProcess node, long epoch, long[] began, CompletableFuture<double[]> seen) {
    try {
      String index = "0";
      while (true) {
        var answer =
            node.ask(node.to("/api/v1/rings/default/leader?wait=2s&index=" + index)).orElseThrow();
        double now = (System.nanoTime() - began[0]) / 1e6;
        index = answer.headers().firstValue("X-Ring-Index").orElse("0");
        JsonNode leader = DaemonProcess.JSON.readTree(answer.body());
        if (leader.path("epoch").asLong(0) > epoch
            && !leader.path("leaderId").asString("").isEmpty()) {
          boolean self = leader.path("isLeader").asBoolean(false);
          seen.complete(new double[] {now, self ? now : Double.MAX_VALUE});
          return;
        }
      }
    } catch (RuntimeException | InterruptedException failed) {
      seen.completeExceptionally(failed);
    }
  }

  /** Waits until the owner of the lowest token leads, as all see it. */
  private DaemonProcess settled() throws IOException, InterruptedException {
    cluster.settled(cluster.nodes, START);
    String[] found = new String[1];
    cluster.until(
        START,
        "the owner of the lowest token leads",
        () -> {
          JsonNode leader = cluster.nodes.get(0).json("/api/v1/rings/default/leader");
          String id = leader.path("leaderId").asString("");
          found[0] = id;
          return id.equals(leader.path("lowestTokenOwner").asString("-"))
              && id.equals(Cluster.agreedLeader(cluster.nodes));
        });
    return cluster.node(found[0]);
  }
}
