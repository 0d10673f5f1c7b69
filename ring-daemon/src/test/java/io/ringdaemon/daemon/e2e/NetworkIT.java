package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Five real daemons on a network that is long, lossy, or loses one of them. How long things take is
 * printed, not judged: {@code -Dnetwork.changes} and {@code -Dnetwork.cuts} say how often. Lossy
 * ones want network namespaces; where those are not permitted the test is skipped and says why.
 */
@Tag("slow")
class NetworkIT {
  private static final int NODES = 5;
  private static final int CHANGES = Integer.getInteger("network.changes", 10);
  private static final int CUTS = Integer.getInteger("network.cuts", 2);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir Path folder;
  private final List<HostDaemon> daemons = new ArrayList<>();

  @AfterEach
  void stop() {
    daemons.forEach(HostDaemon::close);
  }

  @Test
  void fiveDaemonsSettleWhereFivePacketsInAHundredAreLost() throws Exception {
    try (Hosts hosts = hosts()) {
      hosts.lose(5);
      Duration took = start(hosts);
      String leader = leader(daemons, 0).orElseThrow();
      assertThat(leader).isEqualTo(lowestTokenOwner(daemons.get(0)));
      print("5 %% loss, 5 daemons: settled after %.1f s, %s leads", took.toMillis() / 1e3, leader);
      double[] known = new double[CHANGES];
      for (int i = 0; i < CHANGES; i++) {
        known[i] = change(daemons.get(i % NODES), i / NODES % 2 == 0);
      }
      print("5 %% loss: a change is known by all after %s ms", figures(known));
      await("the same leads", () -> leader(daemons, 0).equals(Optional.of(leader)));
    }
  }

  /** Makes a daemon's instance read-only or not; milliseconds until all show it. */
  private double change(HostDaemon origin, boolean on) throws Exception {
    List<CompletableFuture<Long>> seen = new ArrayList<>();
    for (HostDaemon daemon : daemons) {
      seen.add(
          watch(
              daemon,
              "",
              ring -> {
                for (JsonNode one : ring.path("instances")) {
                  if (one.path("id").asString("").equals(origin.name)) {
                    return one.path("readOnly").asBoolean(!on) == on;
                  }
                }
                return false;
              }));
    }
    TimeUnit.MILLISECONDS.sleep(500); // all polls are under way
    long began = System.nanoTime();
    origin.readOnly(origin.name, on);
    return last(seen, began);
  }

  @Test
  void aLeaderWhoseHostIsCutOffIsFollowedAndComesBackAsOneOfMany() throws Exception {
    try (Hosts hosts = hosts()) {
      start(hosts);
      double[] leads = new double[CUTS];
      double[] steps = new double[CUTS];
      for (int i = 0; i < CUTS; i++) {
        cutOff(hosts, leads, steps, i);
      }
      print("host cut off, 5 daemons: the next one leads after %s ms", figures(leads));
      print("host cut off: the old one has stepped down after %s ms", figures(steps));
    }
  }

  private void cutOff(Hosts hosts, double[] leads, double[] steps, int run) throws Exception {
    await("policy's choice leads", () -> leader(daemons, 0).equals(choice()));
    String name = leader(daemons, 0).orElseThrow();
    HostDaemon old =
        daemons.stream().filter(one -> one.name.equals(name)).findFirst().orElseThrow();
    List<HostDaemon> others = daemons.stream().filter(one -> one != old).toList();
    long epoch = old.json(HostDaemon.LEADER).path("epoch").asLong(0);
    List<CompletableFuture<Long>> next = new ArrayList<>();
    for (HostDaemon other : others) {
      next.add(
          watch(
              other,
              HostDaemon.LEADER,
              leader ->
                  leader.path("epoch").asLong(0) > epoch
                      && leader.path("isLeader").asBoolean(false)));
    }
    CompletableFuture<Long> down =
        watch(old, HostDaemon.LEADER, leader -> !leader.path("isLeader").asBoolean(true));
    TimeUnit.MILLISECONDS.sleep(500); // all polls are under way
    long began = System.nanoTime();
    hosts.cutOff(old.host);
    CompletableFuture<Object> first =
        CompletableFuture.anyOf(next.toArray(CompletableFuture[]::new));
    leads[run] = ((Long) first.get(LIMIT.toSeconds(), TimeUnit.SECONDS) - began) / 1e6;
    steps[run] = last(List.of(down), began);
    await("the others agree on another", () -> leader(others, epoch).isPresent());
    assertThat(leader(others, epoch)).isNotEqualTo(Optional.of(name));
    await(
        "who is cut off leads nobody",
        () -> !old.json(HostDaemon.LEADER).path("isLeader").asBoolean(true));
    next.forEach(one -> one.cancel(false));
    long above = others.get(0).json(HostDaemon.LEADER).path("epoch").asLong(0);
    hosts.heal();
    await("all agree on one leader again", () -> leader(daemons, above - 1).isPresent());
    await("all see all again", () -> daemons.stream().allMatch(this::seesAll));
  }

  @Test
  void fiveDaemonsSettleAndTellEachOtherThroughLinesOfFiftyMilliseconds() throws Exception {
    List<DelayingRelay> relays = new ArrayList<>();
    try (Cluster cluster = new Cluster(folder)) {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        ports.add(DaemonProcess.freePort());
        relays.add(new DelayingRelay(ports.get(i), Duration.ofMillis(50)));
      }
      List<String> seeds =
          relays.stream().map(relay -> "--join=127.0.0.1:" + relay.port()).toList();
      for (int i = 0; i < NODES; i++) {
        List<String> options = new ArrayList<>(seeds);
        options.add("--advertise=127.0.0.1:" + relays.get(i).port());
        cluster.add("ring-" + (i + 1), ports.get(i), options);
      }
      Duration took = cluster.settled(cluster.nodes, LIMIT);
      String leader = Cluster.agreedLeader(cluster.nodes);
      print(
          "50 ms delay, 5 daemons: settled after %.1f s, %s leads", took.toMillis() / 1e3, leader);
      double[] known = new double[CHANGES];
      for (int i = 0; i < CHANGES; i++) {
        known[i] = change(cluster, cluster.nodes.get(i % NODES), i / NODES % 2 == 0);
      }
      print("50 ms delay: a change is known by all after %s ms", figures(known));
      cluster.until(
          LIMIT,
          "the owner of the lowest token leads",
          () ->
              cluster
                  .nodes
                  .get(0)
                  .json("/api/v1/rings/default/leader")
                  .path("lowestTokenOwner")
                  .asString("-")
                  .equals(Cluster.agreedLeader(cluster.nodes)));
    } finally {
      for (DelayingRelay relay : relays) {
        relay.close();
      }
    }
  }

  private static double change(Cluster cluster, DaemonProcess origin, boolean on) throws Exception {
    String change = "/api/v1/rings/default/instances/" + origin.name + "/read-only";
    long began = System.nanoTime();
    assertThat(origin.ask(origin.to(change).PUT(BodyPublishers.ofString(Boolean.toString(on)))))
        .hasValueSatisfying(answer -> assertThat(answer.statusCode()).isEqualTo(204));
    cluster.until(
        LIMIT,
        "all show it",
        () -> {
          for (DaemonProcess node : cluster.nodes) {
            if (node.instance(origin.name).orElseThrow().path("readOnly").asBoolean(!on) != on) {
              return false;
            }
          }
          return true;
        });
    return (System.nanoTime() - began) / 1e6;
  }

  private static Hosts hosts() throws Exception {
    Optional<String> obstacle = Hosts.obstacle();
    assumeTrue(obstacle.isEmpty(), obstacle::orElseThrow);
    return new Hosts(NODES);
  }

  /** Starts a daemon on each host; how long until all see all and name one leader. */
  private Duration start(Hosts hosts) throws Exception {
    long began = System.nanoTime();
    for (int i = 1; i <= NODES; i++) {
      daemons.add(new HostDaemon(hosts, i, NODES, folder));
    }
    await("all see all", () -> daemons.stream().allMatch(this::seesAll));
    await("policy's choice leads", () -> leader(daemons, 0).equals(choice()));
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private boolean seesAll(HostDaemon daemon) {
    try {
      JsonNode instances = daemon.json("").path("instances");
      for (JsonNode one : instances) {
        if (!one.path("state").asString("").equals("ACTIVE")
            || !one.path("healthy").asBoolean(false)) {
          return false;
        }
      }
      return instances.size() == NODES;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<String> choice() throws InterruptedException {
    return Optional.of(lowestTokenOwner(daemons.get(0)));
  }

  private static String lowestTokenOwner(HostDaemon daemon) throws InterruptedException {
    return daemon.json(HostDaemon.LEADER).path("lowestTokenOwner").asString("nobody");
  }

  /** The leader that all of them name, with an epoch above this. */
  private static Optional<String> leader(List<HostDaemon> some, long epoch)
      throws InterruptedException {
    Optional<String> named = Optional.empty();
    for (HostDaemon one : some) {
      JsonNode leader = one.json(HostDaemon.LEADER);
      String its = leader.path("leaderId").asString("");
      if (its.isEmpty()
          || leader.path("epoch").asLong(0) <= epoch
          || (named.isPresent() && !named.get().equals(its))) {
        return Optional.empty();
      }
      named = Optional.of(its);
    }
    return named;
  }

  /** Asks, again at each change, until the answer is so; when that was. */
  private static CompletableFuture<Long> watch(
      HostDaemon daemon, String path, Predicate<JsonNode> enough) {
    CompletableFuture<Long> seen = new CompletableFuture<>();
    Thread watcher =
        new Thread(
            () -> {
              try {
                String index = "";
                while (!seen.isDone()) {
                  HostDaemon.Answer answer = daemon.poll(path, index, Duration.ofSeconds(5));
                  index = answer.index();
                  if (!answer.body().isEmpty() && enough.test(answer.body())) {
                    seen.complete(System.nanoTime());
                  }
                }
              } catch (RuntimeException | InterruptedException failed) {
                seen.completeExceptionally(failed);
              }
            },
            "watch");
    watcher.setDaemon(true);
    watcher.start();
    return seen;
  }

  private static double last(List<CompletableFuture<Long>> seen, long began) throws Exception {
    double last = 0;
    for (CompletableFuture<Long> one : seen) {
      last = Math.max(last, (one.get(LIMIT.toSeconds(), TimeUnit.SECONDS) - began) / 1e6);
    }
    return last;
  }

  private void await(String what, Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > until) {
        StringBuilder logs = new StringBuilder("not within " + LIMIT + ": " + what + "\n");
        daemons.forEach(daemon -> logs.append(daemon.tail()));
        throw new AssertionError(logs);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static String figures(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%.0f/%.0f (p50/max of %d)",
        sorted[(sorted.length - 1) / 2],
        sorted[sorted.length - 1],
        sorted.length);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
