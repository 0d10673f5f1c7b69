package io.ringdaemon.gossip.bench;

import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.HdrHistogram.Histogram;

/**
 * How long does it take until an update is known by all, and how many bytes does it cost? Real
 * nodes in one JVM, over loopback: mesh, store, lifecycle, election, heartbeats each 15 s. An
 * update is an instance that changes its read-only flag: its whole entry travels. Arguments: the
 * number of nodes, of tokens an instance, of rounds.
 *
 * <p>Bytes are counted twice. Our own frames: as the store counts them, by kind, and 8 bytes a
 * message for the frame around it. Everything: by the kernel at the interface {@code lo}, where IP
 * and TCP headers and bare acknowledgements count too (a frame of up to 64 KiB is one packet there,
 * so the headers of those that an Ethernet cuts it into are added). That is only right in a network
 * namespace of its own, where nobody else uses it; {@code scripts/bench} makes one.
 */
public final class MeshBench {
  private static final Logger LOG = Logger.getLogger("io.ringdaemon");
  private static final List<String> KINDS =
      List.of(
          "updates",
          "heartbeats",
          "entry_request",
          "root",
          "summary",
          "buckets",
          "stamps",
          "signs",
          "direct");
  private static final int FRAME = 8;
  private static final int MSS = 1_448;
  private static final int HEADERS = 52; // IPv4, TCP with timestamps
  private static final int WINDOW_SECONDS = 60;

  /** An update on its way. */
  private static final class Round {
    private final String id;
    private final boolean on;
    private final Set<String> missing = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Long> known = new CompletableFuture<>();
    private volatile long began;

    private Round(String id, boolean on) {
      this.id = id;
      this.on = on;
    }

    private void seen(String node, RingDesc ring) {
      if (ring.entry(id).filter(entry -> entry.readOnly().on() == on).isPresent()
          && missing.remove(node)
          && missing.isEmpty()) {
        known.complete(System.nanoTime() - began);
      }
    }
  }

  private final Metrics metrics = Metrics.unseen(); // of all nodes together
  private final List<BenchNode> nodes = new ArrayList<>();
  private final SplittableRandom chance = new SplittableRandom(1);
  private final Map<String, Boolean> flags = new TreeMap<>();
  private volatile Round round = new Round("", true);

  private MeshBench() {}

  public static void main(String[] args) throws Exception {
    LOG.setLevel(Level.SEVERE); // fifty nodes tell a lot
    int count = Integer.parseInt(args[0]);
    int tokens = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    MeshBench bench = new MeshBench();
    bench.start(count, tokens);
    System.out.printf("%n%d nodes, %d tokens each%n", count, tokens);
    bench.delay(rounds);
    bench.bytes();
    System.exit(0);
  }

  private void start(int count, int tokens) throws Exception {
    for (int i = 0; i < count; i++) {
      List<String> seeds =
          i == 0 ? List.of() : List.of(nodes.get(0).address(), nodes.get(i / 2).address());
      BenchNode node = new BenchNode("n-%02d".formatted(i), tokens, seeds, metrics);
      nodes.add(node);
      node.watch(ring -> round.seen(node.name, ring));
      TimeUnit.MILLISECONDS.sleep(
          Math.min(700, 14L * count)); // a cold JVM can't greet fifty at once
    }
    long began = System.nanoTime();
    while (!nodes.stream().allMatch(node -> node.complete(count))) {
      if (System.nanoTime() - began > TimeUnit.MINUTES.toNanos(3)) {
        throw new AssertionError("the nodes don't find each other");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    TimeUnit.SECONDS.sleep(10); // what newcomers cause is over
  }

  /** Changes an instance somewhere. */
  private Round update() {
    BenchNode origin = nodes.get(chance.nextInt(nodes.size()));
    boolean on = flags.merge(origin.name, true, (was, any) -> !was);
    Round next = new Round(origin.name, on);
    nodes.stream().filter(node -> node != origin).forEach(node -> next.missing.add(node.name));
    origin.loop.execute(
        () -> {
          next.began = System.nanoTime();
          round = next;
          origin.readOnly(on);
        });
    return next;
  }

  private void delay(int rounds) throws Exception {
    int warmUp = rounds / 10;
    Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
    for (int i = 0; i < warmUp + rounds; i++) {
      long took = update().known.get(1, TimeUnit.MINUTES);
      if (i >= warmUp) {
        all.recordValue(took);
      }
      TimeUnit.MILLISECONDS.sleep(chance.nextInt(600)); // any moment between two ticks
    }
    System.out.printf(
        "  known by all, %d rounds: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, max %.0f ms%n",
        rounds,
        all.getValueAtPercentile(50) / 1e6,
        all.getValueAtPercentile(90) / 1e6,
        all.getValueAtPercentile(99) / 1e6,
        all.getMaxValue() / 1e6);
  }

  /** First nothing but heartbeats, then an update each second; the difference is theirs. */
  private void bytes() throws Exception {
    Counted before = counted();
    TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
    Counted idle = counted().minus(before);
    idle.print("heartbeats alone, bytes a second and node", (double) WINDOW_SECONDS * nodes.size());

    before = counted();
    for (int i = 0; i < WINDOW_SECONDS; i++) {
      update();
      TimeUnit.SECONDS.sleep(1);
    }
    Counted updates = counted().minus(before).minus(idle);
    updates.print("updates, bytes each to all", WINDOW_SECONDS);
    int payload = RingCodec.INSTANCE.encode(RingDesc.of(List.of(nodes.get(0).entry()))).length;
    int receivers = nodes.size() - 1;
    double each = (double) WINDOW_SECONDS * payload * receivers;
    System.out.printf(
        "  an entry has %,d bytes: %.2f times that to each of %d in our own frames%n",
        payload, updates.own() / each, receivers);
    if (updates.lo > 0) {
      double headers = (double) updates.cuts(payload) * HEADERS;
      System.out.printf(
          "  %.2f times with headers and acknowledgements%n", (updates.lo + headers) / each);
    }
  }

  /** What was sent since the start, by all. */
  private record Counted(Map<String, Long> bytes, Map<String, Long> messages, long mesh, long lo) {
    Counted minus(Counted earlier) {
      Map<String, Long> fewer = new TreeMap<>(bytes);
      fewer.replaceAll((kind, sum) -> sum - earlier.bytes.get(kind));
      Map<String, Long> less = new TreeMap<>(messages);
      less.replaceAll((kind, sum) -> sum - earlier.messages.get(kind));
      return new Counted(fewer, less, mesh - earlier.mesh, lo - earlier.lo);
    }

    long own() {
      return bytes.values().stream().mapToLong(sum -> sum).sum()
          + FRAME * messages.values().stream().mapToLong(sum -> sum).sum();
    }

    /** Packets more than on {@code lo}. */
    long cuts(int payload) {
      return messages.get("updates") * (payload / MSS);
    }

    void print(String what, double by) {
      System.out.printf(
          "  %s: %,.0f in our own frames, %,.0f of the mesh itself", what, own() / by, mesh / by);
      System.out.println(lo == 0 ? "" : String.format(", %,.0f at the interface", lo / by));
      bytes.forEach(
          (kind, sum) -> {
            if (messages.get(kind) / by >= 0.01) {
              System.out.printf(
                  "    %-14s %,10.1f bytes in %8.2f messages%n",
                  kind, sum / by, messages.get(kind) / by);
            }
          });
    }
  }

  private Counted counted() throws IOException {
    Map<String, Long> bytes = new TreeMap<>();
    Map<String, Long> messages = new TreeMap<>();
    for (String kind : KINDS) {
      bytes.put(kind, sum("ring_daemon_gossip_sent_bytes_total", kind));
      messages.put(kind, sum("ring_daemon_gossip_sent_messages_total", kind));
    }
    long mesh = metrics.counter("ring_daemon_mesh_sent_bytes_total", "").sum();
    return new Counted(bytes, messages, mesh, loopback());
  }

  private long sum(String counter, String kind) {
    return metrics.counter(counter, "", "kind", kind).sum();
  }

  /** Bytes of all packets sent over {@code lo}; 0 where others use it too. */
  private static long loopback() throws IOException {
    List<String> interfaces = Files.readAllLines(Path.of("/proc/net/dev"));
    if (interfaces.size() != 3) { // two lines of heading, and lo alone
      return 0;
    }
    return Long.parseLong(interfaces.get(2).trim().split("[ :]+", -1)[1]);
  }
}
