package io.ringdaemon.store;

import io.ringdaemon.metrics.Latency;
import io.ringdaemon.store.Backend.Outcome;
import io.ringdaemon.time.World;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** The backend as the loop uses it: each request counted and timed, each answer on the loop. */
final class Requests {
  private record Kind(LongAdder sent, LongAdder failed, Latency took, Latency tookToFail) {
    static Kind of(StoreMetrics metrics, String operation) {
      return new Kind(
          metrics.requests(operation),
          metrics.errors(operation),
          metrics.latency(operation, "ok"),
          metrics.latency(operation, "failed"));
    }
  }

  private final World world;
  private final Backend backend;
  private final Kind read;
  private final Kind write;
  private final Kind delete;
  private final Kind list;

  Requests(World world, Backend backend, StoreMetrics metrics) {
    this.world = world;
    this.backend = backend;
    read = Kind.of(metrics, "read");
    write = Kind.of(metrics, "write");
    delete = Kind.of(metrics, "delete");
    list = Kind.of(metrics, "list");
  }

  CompletionStage<Stored> read(String key) {
    return ask(read, () -> backend.read(key));
  }

  CompletionStage<Outcome> write(String key, byte[] value, long revision) {
    return ask(write, () -> backend.write(key, value, revision));
  }

  CompletionStage<Stored> delete(String key) {
    return ask(delete, () -> backend.delete(key));
  }

  CompletionStage<List<String>> list(String prefix) {
    return ask(list, () -> backend.list(prefix));
  }

  private <T> CompletionStage<T> ask(Kind kind, Supplier<CompletionStage<T>> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    long began = world.nanoTime();
    kind.sent.increment();
    CompletionStage<T> sent;
    try {
      sent = request.get();
    } catch (RuntimeException refused) {
      sent = CompletableFuture.failedFuture(refused);
    }
    var unused =
        sent.whenComplete(
            (value, failure) ->
                world
                    .loop()
                    .execute(
                        () -> {
                          long took = world.nanoTime() - began;
                          if (failure == null) {
                            kind.took.record(took);
                            answer.complete(value);
                          } else {
                            kind.failed.increment();
                            kind.tookToFail.record(took);
                            answer.completeExceptionally(StoreException.of(failure));
                          }
                        }));
    return answer;
  }
}
