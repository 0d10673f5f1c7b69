package io.ringdaemon.daemon.e2e;

import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.RingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The checks on one store. Its members: Loki {@code loki-a}; {@code looker}, a daemon of ours that
 * only looks at Loki's four rings; {@code ours}, which registers beside Loki's compactor and in a
 * ring that dskit filled.
 */
final class InteropChecks implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(8);
  private static final Duration SOON = Duration.ofMinutes(4);
  private static final String KEY = StoreProcess.PREFIX + "compactor";
  private static final String CROWD = StoreProcess.PREFIX + "crowd";

  /** The looker's ring over each of Loki's; {@link DaemonProcess} asks about "default". */
  private static final Map<String, String> NAMES =
      Map.of(
          "compactor", "default",
          "ring", "ingester",
          "distributor", "distributor",
          "scheduler", "scheduler");

  private final Interop interop;
  private final String kind;
  private final Path folder;
  private final Cluster cluster;
  private final List<AutoCloseable> others = new ArrayList<>();
  private StoreProcess store;
  private LokiProcess loki;
  private DaemonProcess looker;
  private DaemonProcess ours;
  private StoreProcess.History history;
  private long followedSince;

  InteropChecks(Interop interop, String kind, Path folder) {
    this.interop = interop;
    this.kind = kind;
    this.folder = folder;
    this.cluster = new Cluster(folder);
  }

  String kind() {
    return kind;
  }

  /** Whether the heartbeats go on. */
  boolean sharing() {
    return history != null;
  }

  private void check(String what, Interop.Check check) throws Exception {
    interop.check(kind, what, check);
  }

  /** All but the long time of heartbeats, which begins here. */
  void shareRings() throws Exception {
    start();
    for (String ring : new TreeMap<>(NAMES).keySet()) {
      check("Loki's " + ring + " ring is the same here and there", () -> sameHereAndThere(ring));
    }
    check("our instance shows on Loki's page", this::oursShowsOnLokisPage);
    check("ours leads, though Loki owns the lowest token", this::oursLeads);
    check("a dead daemon forgotten on Loki's page is gone here", this::forgottenOnLokisPage);
    check("a dead Loki forgotten here is gone on Loki's page", this::lokiForgottenHere);
    check("ours, forgotten on Loki's page, comes back as it was", this::oursComesBack);
    for (String ring : new TreeMap<>(NAMES).keySet()) {
      RingOptions options = new RingOptions(NAMES.get(ring), 3, false, Duration.ofMinutes(1));
      check(
          "dskit and we answer alike over the " + ring + " ring",
          () -> alike(StoreProcess.PREFIX + ring, options, looker));
    }
    check("so do we over a ring of zones that dskit filled and we joined", this::alikeInACrowd);
    history = store.follow(KEY);
    followedSince = System.nanoTime();
    check("of a storm of writes by dskit none is lost", this::storm);
  }

  private void start() throws Exception {
    store = StoreProcess.start(kind, folder);
    others.add(store);
    loki = loki("loki-a", "all");
    looker = cluster.add("looker", DaemonProcess.freePort(), lookerOptions());
    cluster.until(
        START,
        "Loki is ready",
        () -> {
          alive(loki);
          return loki.status("/ready") == 200;
        });
  }

  private LokiProcess loki(String id, String target) throws Exception {
    LokiProcess started = new LokiProcess(id, target, folder, store);
    others.add(0, started);
    return started;
  }

  private static void alive(LokiProcess one) {
    if (!one.running()) {
      throw new AssertionError(one.id + " ended: see its log");
    }
  }

  private List<String> lookerOptions() {
    List<String> options = new ArrayList<>();
    NAMES.forEach(
        (key, name) -> options.addAll(settings(name, List.of("key=" + key, "register=false"))));
    return options;
  }

  private List<String> settings(String ring, List<String> more) {
    List<String> options = new ArrayList<>();
    store.settings().forEach(one -> options.add("--set=rings." + ring + ".kvstore." + one));
    more.forEach(one -> options.add("--set=rings." + ring + "." + one));
    return options;
  }

  /** A daemon with one token beside Loki's compactor, greater than Loki's. */
  private DaemonProcess registered(String name, List<String> more) throws Exception {
    long token = lokisToken() / 2 + (1L << 31) - cluster.nodes.size();
    Path tokens = folder.resolve(name + ".tokens");
    Files.writeString(tokens, "{\"tokens\":[%d]}".formatted(token));
    List<String> options =
        settings(
            "default",
            List.of(
                "key=compactor",
                "num_tokens=1",
                "tokens_file_path=" + tokens,
                "heartbeat_period=1s"));
    options.addAll(more);
    DaemonProcess started = cluster.add(name, DaemonProcess.freePort(), options);
    cluster.until(START, name + " is ACTIVE", () -> looker.state(name).equals("ACTIVE"));
    return started;
  }

  private long lokisToken() throws InterruptedException {
    return loki.shards("compactor").get(loki.id).path("tokens").path(0).asLong();
  }

  private Map<String, JsonNode> ourShards(DaemonProcess daemon, String ring)
      throws InterruptedException {
    return daemon
        .ask(daemon.to("/" + NAMES.get(ring) + "/ring").header("Accept", "application/json"))
        .map(answer -> LokiProcess.shards(DaemonProcess.JSON.readTree(answer.body())))
        .orElse(Map.of());
  }

  /** Members, tokens, states, zones, addresses and times. */
  private String sameHereAndThere(String ring) {
    cluster.until(
        SOON,
        "the same shards of " + ring,
        () -> {
          Map<String, JsonNode> theirs = loki.shards(ring);
          return !theirs.isEmpty() && ourShards(looker, ring).equals(theirs);
        });
    return "";
  }

  private String oursShowsOnLokisPage() throws Exception {
    ours =
        registered(
            "ours",
            settings(
                "crowd",
                List.of(
                    "heartbeat_timeout=1h",
                    "zone_awareness_enabled=true",
                    "instance_zone=zone-0")));
    cluster.until(
        SOON,
        "the page names it",
        () -> loki.page("compactor").contains(">ours<") && loki.shards("compactor").size() == 2);
    sameHereAndThere("compactor");
    return loki.shards("compactor").get("ours").toString();
  }

  private String oursLeads() throws Exception {
    JsonNode[] said = new JsonNode[1];
    cluster.until(
        SOON,
        "ours leads",
        () -> {
          said[0] = ours.json("/api/v1/rings/default/leader");
          return said[0].path("isLeader").asBoolean(false);
        });
    equal("leaderId", "ours", said[0].path("leaderId").asString(""));
    equal("strength", "strong", said[0].path("strength").asString(""));
    equal("lowestTokenOwner", loki.id, said[0].path("lowestTokenOwner").asString(""));
    return said[0].toString();
  }

  private static void equal(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError(what + " is " + found + ", not " + expected);
    }
  }

  private String forgottenOnLokisPage() throws Exception {
    DaemonProcess dead = registered("dead", List.of());
    cluster.until(SOON, "Loki sees it", () -> loki.shards("compactor").containsKey("dead"));
    dead.kill();
    equal("Loki's answer", 302, loki.forget("compactor", "dead"));
    cluster.until(
        SOON,
        "it is gone",
        () ->
            ours.instance("dead").isEmpty()
                && looker.instance("dead").isEmpty()
                && !loki.shards("compactor").containsKey("dead"));
    cluster.nodes.remove(dead);
    return "";
  }

  private String lokiForgottenHere() throws Exception {
    LokiProcess dead = loki("loki-b", "compactor");
    cluster.until(
        START,
        "a second Loki is seen",
        () -> {
          alive(dead);
          return looker.state("loki-b").equals("ACTIVE")
              && loki.shards("compactor").containsKey("loki-b");
        });
    dead.close();
    equal("our answer", 302, looker.forget("loki-b").statusCode());
    cluster.until(
        SOON,
        "it is gone",
        () -> !loki.shards("compactor").containsKey("loki-b") && ours.instance("loki-b").isEmpty());
    return "";
  }

  private String oursComesBack() throws Exception {
    String tokens = ours.instance("ours").orElseThrow().path("tokens").toString();
    long epoch = looker.epoch();
    equal("Loki's answer", 302, loki.forget("compactor", "ours"));
    cluster.until(
        SOON,
        "it is back",
        () ->
            looker.epoch() > epoch // it was gone, also as seen from there, and leads again
                && loki.shards("compactor").containsKey("ours")
                && looker.state("ours").equals("ACTIVE")
                && looker.instance("ours").get().path("tokens").toString().equals(tokens));
    return "token " + tokens;
  }

  private String alike(String key, RingOptions options, DaemonProcess daemon) throws Exception {
    ReferenceAnswers answers = ReferenceAnswers.of(store, key, options, folder);
    int here = answers.compareWithOurCode();
    int there = answers.compareWithDaemon(daemon, options.name());
    return "%d answers of our code, %d of the daemon".formatted(here, there);
  }

  private String alikeInACrowd() throws Exception {
    List<String> fill = new ArrayList<>(ReferenceAnswers.onKey("fill", store, CROWD));
    fill.add("-heartbeat-timeout=1h");
    ReferenceAnswers.run(fill, folder.resolve("fill"));
    cluster.until(
        SOON,
        "all are seen and ours is ACTIVE",
        () ->
            ours.json("/api/v1/rings/crowd").path("instances").size() == 31
                && ours.json("/api/v1/rings/crowd/instances/ours")
                    .path("state")
                    .asString("")
                    .equals("ACTIVE"));
    return alike(CROWD, new RingOptions("crowd", 3, true, Duration.ofHours(1)), ours);
  }

  private String storm() throws Exception {
    List<String> storm = new ArrayList<>(ReferenceAnswers.onKey("storm", store, KEY));
    storm.add("-seconds=10");
    String[] counted = ReferenceAnswers.run(storm, folder.resolve("storm")).get(0).split(" ", -1);
    cluster.until(SOON, "it is gone", () -> looker.instance("storm").isEmpty());
    return "%s writes, %s of them tried again".formatted(counted[0], counted[1]);
  }

  /** Waits until both have sent heartbeats for that long, and looks at each value there was. */
  void heartbeatsOf(Duration duration) throws Exception {
    check("both sides' heartbeats, no update lost", () -> noUpdateLost(duration));
    check("ours leaves, and is gone on Loki's page", this::oursLeaves);
    check("Loki leaves, and is gone here", this::lokiLeaves);
  }

  private String noUpdateLost(Duration duration) throws Exception {
    Duration left = duration.minusNanos(System.nanoTime() - followedSince);
    if (!left.isNegative()) {
      cluster.always(left, "Loki runs", loki::running);
    }
    long seconds = Duration.ofNanos(System.nanoTime() - followedSince).toSeconds();
    List<RingDesc> values = history.values();
    Heartbeats heartbeats = new Heartbeats(List.of("ours", loki.id), history.complete());
    values.forEach(heartbeats::next);
    history.close();
    return "%d s, %d values, %s; tried again: ours %.0f, Loki %d"
        .formatted(
            seconds,
            values.size(),
            heartbeats.summary(seconds),
            ours.metric("ring_daemon_store_conflicts_total"),
            loki.conflicts());
  }

  private String oursLeaves() throws Exception {
    ours.terminate();
    cluster.until(
        SOON,
        "it is gone",
        () -> looker.instance("ours").isEmpty() && !loki.shards("compactor").containsKey("ours"));
    equal("its exit code", 0, ours.end());
    return "";
  }

  private String lokiLeaves() throws Exception {
    loki.terminate();
    for (String ring : NAMES.keySet()) {
      cluster.until(START, ring + " is empty", () -> ourShards(looker, ring).isEmpty());
    }
    loki.awaitEnd(START);
    return "";
  }

  @Override
  public void close() {
    cluster.close();
    for (AutoCloseable one : others) {
      try {
        one.close();
      } catch (Exception ignored) {
        // the others are to be stopped all the same
      }
    }
  }
}
