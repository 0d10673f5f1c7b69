package io.ringdaemon.store.bench;

import io.ringdaemon.FreePorts;
import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.election.EpochStore;
import io.ringdaemon.gossip.mesh.scalecube.MeshConfig;
import io.ringdaemon.gossip.mesh.scalecube.MeshTiming;
import io.ringdaemon.gossip.mesh.scalecube.PeerMemory;
import io.ringdaemon.gossip.mesh.scalecube.ScalecubeMesh;
import io.ringdaemon.gossip.store.GossipConfig;
import io.ringdaemon.gossip.store.GossipKvStore;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.member.AutoForget;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.store.Backend;
import io.ringdaemon.store.RemoteKvStore;
import io.ringdaemon.store.consul.ConsulBackend;
import io.ringdaemon.store.consul.ConsulConfig;
import io.ringdaemon.store.consul.ConsulServer;
import io.ringdaemon.store.etcd.EtcdBackend;
import io.ringdaemon.store.etcd.EtcdConfig;
import io.ringdaemon.store.etcd.EtcdServer;
import io.ringdaemon.time.World;
import io.ringdaemon.token.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * How long does it take from a CAS on one node to the watch firing on another, by gossip, by etcd
 * and by Consul; and what does a ring of 100 instances ask of a store? Arguments: {@code delay}, or
 * {@code load} and a store.
 */
public final class StoreBench {
  private static final Key<RingDesc> KEY = new Key<>("collectors/bench", RingCodec.INSTANCE);
  private static final int ROUNDS = 2000;
  private static final int LIMITED_ROUNDS = 120; // where a watch may ask once a second
  private static final int WARM_UP = 300;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15); // as Loki has it

  private record Node(World world, NettyLoop loop, KvStore store) {
    static Node of(Function<World, KvStore> store) {
      NettyLoop loop = new NettyLoop(Metrics.unseen());
      World world = new World(Clock.systemUTC(), loop, new SplittableRandom(System.nanoTime()));
      return new Node(
          world, loop, CompletableFuture.supplyAsync(() -> store.apply(world), loop).join());
    }
  }

  private StoreBench() {}

  /** {@code delay}, or {@code load} and a store. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("store-bench");
    if (args[0].equals("delay")) {
      System.out.println("CAS on one node to the watch on another, ring of 100 x 128 tokens:");
      gossip();
      try (EtcdServer etcd = EtcdServer.start(folder)) {
        stored("etcd", ROUNDS, world -> backend(etcd));
      }
      try (ConsulServer consul = ConsulServer.start(folder)) {
        stored("consul, watches not limited", ROUNDS, world -> backend(consul, world, 0));
        stored("consul", LIMITED_ROUNDS, world -> backend(consul, world, 1));
      }
    } else if (args[1].equals("etcd")) {
      try (EtcdServer etcd = EtcdServer.start(folder)) {
        load("etcd", world -> backend(etcd), "http://" + etcd.endpoint() + "/metrics", ETCD);
      }
    } else {
      try (ConsulServer consul =
          ConsulServer.start(
              folder,
              "telemetry { prometheus_retention_time = \"1h\" }"
                  + " limits { http_max_conns_per_client = 10000 }")) { // all are one client here
        String metrics = "http://" + consul.endpoint() + "/v1/agent/metrics?format=prometheus";
        load("consul", world -> backend(consul, world, 1), metrics, CONSUL);
      }
    }
    System.exit(0);
  }

  private static void gossip() throws Exception {
    int port = FreePorts.one();
    Node one = Node.of(world -> gossipStore(world, "one", port, List.of()));
    Node two =
        Node.of(world -> gossipStore(world, "two", FreePorts.one(), List.of("127.0.0.1:" + port)));
    for (Node node : List.of(one, two)) {
      CompletableFuture.supplyAsync(() -> ((GossipKvStore) node.store()).start(), node.loop())
          .thenCompose(started -> started)
          .get(30, TimeUnit.SECONDS);
    }
    CompletableFuture.supplyAsync(() -> two.store().firstContact(), two.loop())
        .thenCompose(met -> met)
        .get(60, TimeUnit.SECONDS);
    measure("memberlist", ROUNDS, one, two);
  }

  private static GossipKvStore gossipStore(World world, String name, int port, List<String> seeds) {
    MeshConfig config =
        new MeshConfig(
            name,
            world.now().toEpochMilli(),
            "127.0.0.1",
            port,
            "",
            0,
            seeds,
            "bench",
            "",
            "",
            "bench",
            Duration.ofSeconds(60),
            MeshTiming.TUNED,
            MeshConfig.Security.NONE);
    return new GossipKvStore(
        world,
        new ScalecubeMesh(config, world, Metrics.unseen(), PeerMemory.NONE),
        GossipConfig.DEFAULTS,
        List.of(RingCodec.INSTANCE),
        Metrics.unseen());
  }

  private static void stored(String what, int rounds, Function<World, Backend> backend)
      throws Exception {
    Node one = Node.of(world -> remote(world, backend.apply(world), Metrics.unseen()));
    Node two = Node.of(world -> remote(world, backend.apply(world), Metrics.unseen()));
    measure(what, rounds, one, two);
  }

  private static EtcdBackend backend(EtcdServer etcd) {
    return new EtcdBackend(
        new EtcdConfig(
            List.of(etcd.endpoint()),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            "",
            "",
            Optional.empty()));
  }

  private static ConsulBackend backend(ConsulServer consul, World world, double watchRate) {
    return new ConsulBackend(
        world,
        new ConsulConfig(
            consul.endpoint(),
            "",
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            false,
            new ConsulConfig.WatchRate(watchRate, 2),
            Optional.empty()));
  }

  private static KvStore remote(World world, Backend backend, Metrics metrics) {
    return new RemoteKvStore(world, backend, RemoteKvStore.Settings.DEFAULTS, metrics);
  }

  private static void measure(String what, int rounds, Node one, Node two) throws Exception {
    cas(one, ring -> filled());
    long[] sent = new long[1];
    CountDownLatch[] seen = {new CountDownLatch(1)};
    Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    long[] wanted = {1};
    CompletableFuture.runAsync(
            () ->
                two.store()
                    .watch(
                        KEY,
                        ring -> {
                          if (ring.entry("i-0").map(InstanceDesc::sequence).orElse(0L)
                              == wanted[0]) {
                            all.recordValue(System.nanoTime() - sent[0]);
                            seen[0].countDown();
                          }
                        }),
            two.loop())
        .join();
    SplittableRandom chance = new SplittableRandom(1);
    int warmUp = Math.min(WARM_UP, rounds / 10);
    for (int round = 0; round < warmUp + rounds; round++) {
      if (round == warmUp) {
        all.reset();
      }
      seen[0] = new CountDownLatch(1);
      long sequence = round + 2L;
      wanted[0] = sequence;
      one.loop()
          .execute(
              () -> {
                sent[0] = System.nanoTime();
                one.store()
                    .cas(
                        KEY,
                        ring ->
                            ring.with(
                                ring.entry("i-0")
                                    .orElseThrow()
                                    .withTimestamp(
                                        ring.timestampFor("i-0", one.world().now()), sequence)
                                    .withState(
                                        sequence % 2 == 0
                                            ? InstanceState.ACTIVE
                                            : InstanceState.LEAVING)));
              });
      if (!seen[0].await(60, TimeUnit.SECONDS)) {
        throw new AssertionError(what + ": round " + round + " was never seen");
      }
      TimeUnit.MILLISECONDS.sleep(chance.nextInt(2, 12));
    }
    System.out.printf(
        "  %-28s p50 %7.2f ms   p99 %7.2f ms   max %7.2f ms%n",
        what,
        all.getValueAtPercentile(50) / 1e6,
        all.getValueAtPercentile(99) / 1e6,
        all.getMaxValue() / 1e6);
  }

  private static RingDesc filled() {
    SplittableRandom chance = new SplittableRandom(7);
    List<InstanceDesc> entries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      entries.add(
          InstanceDesc.of("i-" + i, "10.0.0." + i + ":80", "zone-" + i % 3)
              .withState(InstanceState.ACTIVE)
              .withTokens(Tokens.ofInts(IntStream.generate(chance::nextInt).limit(128)))
              .withTimestamp(1, 1));
    }
    return RingDesc.of(entries);
  }

  private static void cas(Node node, java.util.function.UnaryOperator<RingDesc> update)
      throws Exception {
    CompletableFuture.supplyAsync(() -> node.store().cas(KEY, update), node.loop())
        .thenCompose(done -> done)
        .get(30, TimeUnit.SECONDS);
  }

  /** What a store counts, by the beginning of its samples. */
  private static final Map<String, String> ETCD =
      Map.of(
          "transactions", "grpc_server_started_total{grpc_method=\"Txn\"",
          "reads", "grpc_server_started_total{grpc_method=\"Range\"",
          "watch events", "etcd_debugging_mvcc_events_total",
          "bytes sent", "etcd_network_client_grpc_sent_bytes_total");

  private static final Map<String, String> CONSUL =
      Map.of(
          "GET, watches among them", "consul_api_http_count{method=\"GET\",path=\"v1_kv",
          "PUT", "consul_api_http_count{method=\"PUT\",path=\"v1_kv");

  private static void load(
      String kind, Function<World, Backend> backend, String page, Map<String, String> counters)
      throws Exception {
    Metrics metrics = Metrics.unseen();
    for (int i = 0; i < 100; i++) {
      String id = "i-" + i;
      Node node = Node.of(world -> remote(world, backend.apply(world), metrics));
      CompletableFuture.runAsync(() -> member(node, id).start(), node.loop()).join();
    }
    TimeUnit.SECONDS.sleep(40);
    Map<String, Double> before = counts(kind, metrics, page, counters);
    long began = System.nanoTime();
    TimeUnit.SECONDS.sleep(60);
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.println(
        "A ring of 100 x 128 tokens in %s, heartbeats each %d s, a second:"
            .formatted(kind, HEARTBEAT.toSeconds()));
    counts(kind, metrics, page, counters)
        .forEach(
            (name, after) ->
                System.out.printf("  %-24s %12.1f%n", name, (after - before.get(name)) / seconds));
  }

  private static RingMember member(Node node, String id) {
    LifecyclerConfig lifecycle =
        new LifecyclerConfig(
            id,
            id + ":80",
            "",
            new Origin(id, node.world().now().toEpochMilli(), ""),
            128,
            Duration.ofSeconds(5),
            HEARTBEAT,
            Duration.ofSeconds(2),
            true);
    return new RingMember(
        new RingMember.Config(
            new RingOptions("bench", 3, false, Duration.ofMinutes(1)),
            KEY.name(),
            id,
            Optional.of(lifecycle),
            Optional.empty(),
            new AutoForget(false, Duration.ofMinutes(10), false)),
        new RingMember.Surroundings(
            node.world(),
            node.store(),
            Liveness.unknown(),
            new NoDisk(),
            new NoEpochs(),
            (name, life, timeout) -> CompletableFuture.completedFuture(false),
            null,
            null,
            Metrics.unseen(),
            event -> {}));
  }

  private static Map<String, Double> counts(
      String kind, Metrics metrics, String page, Map<String, String> counters) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(page)).build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(page + ": " + answer.statusCode() + " " + answer.body());
    }
    String text = answer.body();
    Map<String, Double> counts = new TreeMap<>();
    counters.forEach((name, sample) -> counts.put(name, metric(text, sample)));
    counts.put(
        "conflicts",
        (double) metrics.counter("ring_daemon_store_conflicts_total", "", "store", kind).sum());
    return counts;
  }

  private static double metric(String text, String begin) {
    return text.lines()
        .filter(line -> line.startsWith(begin))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private record NoDisk() implements TokenStore {
    @Override
    public CompletionStage<Optional<Tokens>> load() {
      return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletionStage<Void> save(Tokens tokens) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private record NoEpochs() implements EpochStore {
    @Override
    public CompletionStage<OptionalLong> load() {
      return CompletableFuture.completedFuture(OptionalLong.empty());
    }

    @Override
    public CompletionStage<Void> save(long epoch) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
