package io.ringdaemon.replication;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.ring.Rings;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.time.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Instances that answer when the test says so, by id; results are the ids. */
final class Script implements Request<String> {
  final VirtualTime time;
  final VirtualTime.Node node;
  final World world;
  final List<String> asked = new ArrayList<>();
  final List<String> cleaned = new ArrayList<>();
  final Map<String, CompletableFuture<String>> open = new TreeMap<>();
  final Map<String, Cancellation> calls = new TreeMap<>();

  Script(long seed) {
    time = new VirtualTime(seed);
    node = time.node();
    world = node.world();
  }

  /** {@code "a@zone b"}. */
  static ReplicationSet set(String text, int maxErrors, int maxUnavailableZones, boolean zones) {
    if (text.isEmpty()) {
      return new ReplicationSet(List.of(), maxErrors, maxUnavailableZones, zones);
    }
    StringBuilder ring = new StringBuilder();
    for (String one : text.split(" ", -1)) {
      ring.append(ring.isEmpty() ? "" : " ").append(one).append(":ACTIVE:");
    }
    return new ReplicationSet(
        Rings.of(ring.toString(), 1, false).instances(), maxErrors, maxUnavailableZones, zones);
  }

  static ReplicationSet set(String text, int maxErrors) {
    return set(text, maxErrors, 0, false);
  }

  static ReplicationSet zones(String text, int maxUnavailableZones) {
    return set(text, 0, maxUnavailableZones, true);
  }

  @Override
  public CompletionStage<String> send(Instance instance, Cancellation call) {
    asked.add(instance.id());
    CompletableFuture<String> answer = new CompletableFuture<>();
    open.put(instance.id(), answer);
    calls.put(instance.id(), call);
    return answer;
  }

  /** Runs {@code work} on the loop. */
  <R> R on(Supplier<R> work) {
    List<R> made = new ArrayList<>();
    node.execute(() -> made.add(work.get()));
    time.runFor(java.time.Duration.ZERO);
    return made.get(0);
  }

  void succeed(String... ids) {
    for (String id : ids) {
      node.execute(() -> open.get(id).complete(id));
      time.runFor(java.time.Duration.ZERO);
    }
  }

  void fail(String id, RuntimeException error) {
    node.execute(() -> open.get(id).completeExceptionally(error));
    time.runFor(java.time.Duration.ZERO);
  }

  void fail(String... ids) {
    for (String id : ids) {
      fail(id, new IllegalStateException("no " + id));
    }
  }

  List<String> cancelled() {
    return calls.entrySet().stream()
        .filter(one -> one.getValue().cancelled())
        .map(Map.Entry::getKey)
        .toList();
  }

  QuorumOptions<String> options() {
    return QuorumOptions.<String>defaults().withCleanup(cleaned::add);
  }

  QuorumCall<String> untilQuorum(ReplicationSet set, QuorumOptions<String> options) {
    return on(() -> QuorumCall.untilQuorum(world, set, this, options));
  }

  static <T> List<T> values(CompletionStage<List<Answer<T>>> result) {
    return result.toCompletableFuture().join().stream().map(Answer::value).toList();
  }

  static boolean done(CompletionStage<?> result) {
    return result.toCompletableFuture().isDone();
  }

  static Throwable error(CompletionStage<?> result) {
    List<Throwable> errors = new ArrayList<>();
    var unused =
        result.whenComplete(
            (value, error) -> {
              if (error != null) {
                errors.add(error);
              }
            });
    return errors.isEmpty() ? null : errors.get(0);
  }
}
