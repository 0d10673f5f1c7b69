package io.ringdaemon.daemon.e2e;

import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.kv.InMemoryKvStore;
import io.ringdaemon.kv.Key;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.EmptyRing;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.NoTokenRanges;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.ring.TooFewHealthyInstances;
import io.ringdaemon.shard.ShuffleShard;
import io.ringdaemon.time.World;
import io.ringdaemon.token.KeyHash;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What dskit computes over a value in a store (scripts/interop/checker), against what we compute
 * over the same bytes, and against what a daemon answers that reads them from that store.
 *
 * @param options how both are to read the ring
 * @param value what both read
 * @param lines questions and answers, {@code words = answer}
 */
record ReferenceAnswers(RingOptions options, RingDesc value, List<String> lines) {
  private static final int KEYS = 10_000;
  private static final int BATCH = 500;

  /** Lets dskit read the value at a key of the store and answer. */
  static ReferenceAnswers of(StoreProcess store, String key, RingOptions options, Path folder)
      throws Exception {
    Path value = folder.resolve(options.name() + ".value");
    List<String> command = new ArrayList<>(onKey("answers", store, key));
    command.addAll(
        List.of(
            "-value=" + value,
            "-keys=" + KEYS,
            "-rf=" + options.replicationFactor(),
            "-zones=" + options.zoneAware(),
            "-heartbeat-timeout=" + options.heartbeatTimeout().toSeconds() + "s"));
    List<String> lines = run(command, folder.resolve(options.name() + ".answers"));
    return new ReferenceAnswers(options, StoreProcess.decode(Files.readAllBytes(value)), lines);
  }

  /** The command line of the checker. */
  static List<String> onKey(String verb, StoreProcess store, String key) {
    return List.of(
        System.getProperty("checker"),
        verb,
        "-store=" + store.kind(),
        "-address=" + store.address(),
        "-key=" + key);
  }

  /** Runs the checker; what it prints. */
  static List<String> run(List<String> command, Path out) throws Exception {
    Path errors = out.resolveSibling(out.getFileName() + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + Files.readString(errors));
    }
    return Files.readAllLines(out);
  }

  /** Throws at the first line to which our code has another answer; how many there were. */
  int compareWithOurCode() {
    Ring ring = view();
    ShuffleShard shuffle = ShuffleShard.of(ring);
    Map<String, Ring> shards = new HashMap<>(); // the last one: two questions in a row are about it
    int compared = 0;
    for (String line : lines) {
      String question = line.substring(0, line.indexOf(" = "));
      String[] words = question.split(" ", -1);
      String ours =
          switch (words[0]) {
            case "owners" -> set(() -> ring.owners(KeyHash.of(words[1]), operation(words[2])));
            case "shard" -> {
              shards.clear();
              Ring shard = shuffle.pick(words[1], Integer.parseInt(words[2]));
              shards.put(words[1], shard);
              yield ids(shard.instances());
            }
            case "sharded" ->
                set(() -> shards.get(words[1]).owners(KeyHash.of(words[1]), Operation.READ));
            case "owned" -> Long.toString(ring.ownership()[ring.ordinal(words[1])]);
            case "ranges" -> ranges(ring, words[1]);
            default -> throw new AssertionError("unknown question: " + line);
          };
      same(line, question + " = " + ours, "our code");
      compared++;
    }
    if (compared < 4 * KEYS) {
      throw new AssertionError("only " + compared + " answers");
    }
    return compared;
  }

  /** The same for the daemon's HTTP API, as far as it answers such questions. */
  int compareWithDaemon(DaemonProcess daemon, String ring) throws Exception {
    int compared = 0;
    for (String operation : List.of("read", "write")) {
      List<String> all =
          lines.stream()
              .filter(line -> line.startsWith("owners ") && line.contains(" " + operation + " = "))
              .toList();
      for (int from = 0; from < all.size(); from += BATCH) {
        List<String> asked = all.subList(from, Math.min(from + BATCH, all.size()));
        JsonNode results = owners(daemon, ring, operation, asked);
        for (int i = 0; i < asked.size(); i++) {
          JsonNode result = results.path(i);
          String ours = result.has("error") ? "error" : answer(result);
          String key = result.path("key").asString("");
          same(asked.get(i), "owners " + key + " " + operation + " = " + ours, daemon.name);
          compared++;
        }
      }
    }
    return compared;
  }

  private static JsonNode owners(
      DaemonProcess daemon, String ring, String operation, List<String> asked) throws Exception {
    List<String> keys = asked.stream().map(line -> line.split(" ", -1)[1]).toList();
    String body =
        DaemonProcess.JSON.writeValueAsString(Map.of("keys", keys, "operation", operation));
    Optional<HttpResponse<String>> response = Optional.empty();
    for (int tried = 0; response.isEmpty() && tried < 20; tried++) { // a busy machine
      response =
          daemon.ask(
              daemon
                  .to("/api/v1/rings/" + ring + "/owners")
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body)));
    }
    if (response.isEmpty() || response.get().statusCode() != 200) {
      throw new AssertionError(daemon.name + " answers " + response.map(HttpResponse::body));
    }
    return DaemonProcess.JSON.readTree(response.get().body()).path("results");
  }

  private static String answer(JsonNode result) {
    List<String> ids = new ArrayList<>();
    result.path("instances").forEach(instance -> ids.add(instance.path("id").asString("")));
    return String.join(",", ids) + " " + result.path("maxErrors").asInt();
  }

  private void same(String theirs, String ours, String who) {
    if (!theirs.equals(ours)) {
      throw new AssertionError(
          "ring %s:%n  dskit says %s%n  %s says %s".formatted(options.name(), theirs, who, ours));
    }
  }

  /** The view a daemon would have, whose store holds that value. */
  private Ring view() {
    NettyLoop loop = new NettyLoop(Metrics.unseen());
    World world = new World(Clock.systemUTC(), loop, new SplittableRandom(1));
    Key<RingDesc> key = new Key<>(options.name(), RingCodec.INSTANCE);
    try {
      return CompletableFuture.supplyAsync(
              () -> {
                InMemoryKvStore store = new InMemoryKvStore(world);
                store.cas(key, empty -> value);
                RingWatcher watcher =
                    new RingWatcher(world, options, store, key, Liveness.unknown());
                watcher.stop();
                return watcher.ring();
              },
              loop)
          .join();
    } finally {
      loop.stop();
    }
  }

  private static Operation operation(String name) {
    return Operation.named(name).orElseThrow();
  }

  private static String set(Supplier<ReplicationSet> ask) {
    try {
      ReplicationSet set = ask.get();
      return ids(set.instances()) + " " + set.maxErrors();
    } catch (TooFewHealthyInstances | EmptyRing none) {
      return "error";
    }
  }

  private static String ranges(Ring ring, String id) {
    try {
      return ring.tokenRanges(id).ranges().stream()
          .map(range -> range.start() + "," + range.end())
          .collect(Collectors.joining(","));
    } catch (NoTokenRanges none) {
      return "error";
    }
  }

  private static String ids(List<Instance> instances) {
    return instances.stream().map(Instance::id).collect(Collectors.joining(","));
  }
}
