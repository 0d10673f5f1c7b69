package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Daemons on loopback that list each other as seeds. */
final class Cluster implements AutoCloseable {
  final List<DaemonProcess> nodes = new ArrayList<>();
  private final Path folder;

  Cluster(Path folder) {
    this.folder = folder;
  }

  /** Starts {@code count} daemons that join each other. */
  static Cluster of(int count, Path folder) throws IOException {
    Cluster cluster = new Cluster(folder);
    List<Integer> gossip = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      gossip.add(DaemonProcess.freePort());
    }
    List<String> seeds = gossip.stream().map(port -> "--join=127.0.0.1:" + port).toList();
    for (int i = 0; i < count; i++) {
      cluster.add("ring-" + (i + 1), gossip.get(i), seeds);
    }
    return cluster;
  }

  DaemonProcess add(String name, int gossipPort, List<String> options) throws IOException {
    DaemonProcess node =
        new DaemonProcess(name, DaemonProcess.freePort(), gossipPort, folder, options);
    nodes.add(node);
    return node;
  }

  DaemonProcess node(String name) {
    return nodes.stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
  }

  List<DaemonProcess> others(DaemonProcess one) {
    return nodes.stream().filter(node -> node != one).toList();
  }

  /** Waits until all of {@code some} see exactly {@code ids} ACTIVE and agree on one leader. */
  Duration settled(List<DaemonProcess> some, Duration limit) {
    List<String> ids = some.stream().map(node -> node.name).sorted().toList();
    return until(
        limit,
        "all of " + ids + " ACTIVE everywhere and one leader",
        () -> {
          for (DaemonProcess node : some) {
            List<String> active = new ArrayList<>();
            node.ring()
                .path("instances")
                .forEach(
                    one -> {
                      if (one.path("state").asString("").equals("ACTIVE")) {
                        active.add(one.path("id").asString(""));
                      }
                    });
            if (!active.equals(ids)) {
              return false;
            }
          }
          return agreedLeader(some) != null;
        });
  }

  /** The leader all of them name, or null. */
  static String agreedLeader(List<DaemonProcess> some) throws InterruptedException {
    String leader = some.get(0).leader();
    for (DaemonProcess node : some) {
      if (leader.isEmpty() || !node.leader().equals(leader)) {
        return null;
      }
    }
    return leader;
  }

  /** Waits for a condition; how long it took. A failure shows the end of every log. */
  Duration until(Duration limit, String what, Callable<Boolean> condition) {
    long began = System.nanoTime();
    try {
      Awaitility.await(what)
          .atMost(limit)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .until(condition);
    } catch (ConditionTimeoutException late) {
      throw new AssertionError("not within " + limit + ": " + what + "\n" + logs(), late);
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** Checks again and again for {@code duration} that something stays so. */
  void always(Duration duration, String what, Callable<Boolean> condition) {
    try {
      Awaitility.await(what)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(100))
          .during(duration)
          .atMost(duration.plusSeconds(5))
          .until(condition);
    } catch (ConditionTimeoutException broken) {
      throw new AssertionError("did not stay so: " + what + "\n" + logs(), broken);
    }
  }

  String logs() {
    StringBuilder all = new StringBuilder();
    IntStream.range(0, nodes.size()).forEach(i -> all.append(nodes.get(i).tail()));
    return all.toString();
  }

  @Override
  public void close() {
    nodes.forEach(DaemonProcess::close);
  }
}
