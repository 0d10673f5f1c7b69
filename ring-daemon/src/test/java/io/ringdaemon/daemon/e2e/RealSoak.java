package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * {@code scripts/soak --real}: daemons on loopback that are killed, stopped, continued, told to go
 * and started by chance, while it asks each of them over HTTP who leads. Ends with 1 at the first
 * broken promise. Chance comes from the seed, but real daemons don't repeat themselves.
 */
public final class RealSoak {
  private static final String LEADER = "/api/v1/rings/default/leader";
  private static final Duration SETTLED = Duration.ofMinutes(2);

  /** A node that was unfrozen for less than this has a promise of its own. */
  private static final Duration JUST_WOKEN = Duration.ofMillis(700);

  private final Map<String, Long> epochs = new HashMap<>(); // by life
  private final Map<Long, String> leaders = new TreeMap<>(); // by epoch
  private final Map<DaemonProcess, Long> continueAt = new HashMap<>();
  private final Map<DaemonProcess, Long> wokenAt = new HashMap<>();
  private final Set<DaemonProcess> asked = new HashSet<>(); // to go
  private final Random chance;
  private final Cluster cluster;
  private final Map<String, Integer> done = new TreeMap<>();
  private int answers;
  private long disturbAt;
  private long toldAt;

  private RealSoak(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.chance = new Random(seed);
  }

  public static void main(String[] args) throws Exception {
    int nodes = 5;
    long minutes = 5;
    long seed = System.currentTimeMillis();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--real" -> {}
        case "--nodes" -> nodes = Integer.parseInt(args[++i]);
        case "--minutes" -> minutes = Long.parseLong(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        default -> {
          System.err.println("soak: unknown option " + args[i]);
          System.exit(2);
        }
      }
    }
    System.exit(soak(nodes, Duration.ofMinutes(minutes), seed) ? 0 : 1);
  }

  private static boolean soak(int nodes, Duration duration, long seed) throws Exception {
    Path folder = Files.createTempDirectory("ring-soak");
    try (Cluster cluster = Cluster.of(nodes, folder)) {
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
      System.out.printf(
          "%d daemons for %s, --seed %d, logs in %s%n", nodes, duration, seed, folder);
      new RealSoak(cluster, seed).run(duration);
    } catch (AssertionError broken) {
      System.out.println("FAILED " + broken.getMessage());
      System.out.printf(
          "again, though not exactly: scripts/soak --real --nodes %d --minutes %d --seed %d%n",
          nodes, duration.toMinutes(), seed);
      return false;
    }
    delete(folder);
    return true;
  }

  private void run(Duration duration) throws Exception {
    cluster.settled(cluster.nodes, SETTLED);
    Map<String, String> tokens = tokens();
    long end = System.nanoTime() + duration.toNanos();
    disturbAt = System.nanoTime();
    toldAt = System.nanoTime();
    Awaitility.await("the end of the disturbances")
        .atMost(duration.plus(SETTLED))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              round();
              return System.nanoTime() >= end;
            });
    continueSome(true);
    for (DaemonProcess node : cluster.nodes) {
      if (asked.remove(node)) {
        node.end();
      }
      if (!node.running()) {
        node.start();
      }
    }
    cluster.settled(cluster.nodes, SETTLED);
    for (DaemonProcess node : cluster.nodes) {
      look(node);
    }
    Map<String, String> after = tokens();
    check(after.equals(tokens), "tokens were " + tokens + " and are " + after);
    tell();
    System.out.println("all agree again, with the tokens they had");
  }

  private void round() throws Exception {
    continueSome(false);
    if (System.nanoTime() >= disturbAt) {
      disturb(cluster.nodes.get(chance.nextInt(cluster.nodes.size())));
      disturbAt = System.nanoTime() + Duration.ofMillis(500 + chance.nextInt(6_000)).toNanos();
    }
    for (DaemonProcess node : cluster.nodes) {
      look(node);
    }
    if (System.nanoTime() - toldAt > Duration.ofSeconds(30).toNanos()) {
      toldAt = System.nanoTime();
      tell();
    }
  }

  private void tell() {
    System.out.printf("%s; %d answers, epochs led: %s%n", done, answers, leaders.size());
  }

  /** Kill, stop, terminate or start; one always runs undisturbed. */
  private void disturb(DaemonProcess node) throws Exception {
    long well =
        cluster.nodes.stream()
            .filter(one -> one.running() && !continueAt.containsKey(one) && !asked.contains(one))
            .count();
    if (!node.running()) {
      asked.remove(node);
      node.start();
      count("start");
    } else if (!continueAt.containsKey(node) && !asked.contains(node) && well > 1) {
      switch (chance.nextInt(3)) {
        case 0 -> {
          node.kill();
          count("kill");
        }
        case 1 -> {
          node.signal("STOP");
          continueAt.put(
              node, System.nanoTime() + Duration.ofMillis(200 + chance.nextInt(15_000)).toNanos());
          count("stop");
        }
        default -> {
          node.signal("TERM");
          asked.add(node);
          count("terminate");
        }
      }
    }
  }

  private void count(String what) {
    done.merge(what, 1, Integer::sum);
  }

  private void continueSome(boolean all) throws Exception {
    for (DaemonProcess node : List.copyOf(continueAt.keySet())) {
      if (all || System.nanoTime() >= continueAt.get(node)) {
        continueAt.remove(node);
        wokenAt.put(node, System.nanoTime());
        node.signal("CONT");
      }
    }
  }

  private void look(DaemonProcess node) throws Exception {
    if (!node.running() || continueAt.containsKey(node)) {
      return;
    }
    long pid = node.pid();
    JsonNode said = node.json(LEADER);
    if (!said.has("epoch")) {
      return;
    }
    answers++;
    long epoch = said.path("epoch").asLong(0);
    String life = node.name + " " + pid;
    long before = epochs.getOrDefault(life, 0L);
    check(epoch >= before, node.name + " saw epoch " + before + " and now sees " + epoch);
    epochs.put(life, epoch);
    if (said.path("isLeader").asBoolean(false)) {
      String other = leaders.putIfAbsent(epoch, node.name);
      check(
          other == null || other.equals(node.name),
          node.name + " leads with epoch " + epoch + ", which was " + other + "'s");
      Long woken = wokenAt.get(node);
      boolean justWoken = woken != null && System.nanoTime() - woken < JUST_WOKEN.toNanos();
      check(
          !justWoken || epoch == highest(),
          node.name + " woke and says that it leads, with epoch " + epoch + " of " + highest());
    }
  }

  private long highest() {
    return leaders.keySet().stream().max(Comparator.naturalOrder()).orElse(0L);
  }

  private Map<String, String> tokens() throws InterruptedException {
    Map<String, String> tokens = new TreeMap<>();
    cluster
        .nodes
        .get(0)
        .ring()
        .path("instances")
        .forEach(one -> tokens.put(one.path("id").asString(""), one.path("tokens").toString()));
    return tokens;
  }

  private void check(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken + "\n" + cluster.logs());
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> found = Files.walk(folder)) {
      found.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path one : all) {
      Files.deleteIfExists(one);
    }
  }
}
