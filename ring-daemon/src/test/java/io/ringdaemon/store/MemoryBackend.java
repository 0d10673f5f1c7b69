package io.ringdaemon.store;

import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A backend in virtual time that can be down, or deaf: it answers, but its watches are silent. */
final class MemoryBackend implements Backend {
  private record Watching(String key, Follower follower) {}

  private static final Duration WAY = Duration.ofMillis(1);

  private final VirtualTime time;
  private final TreeMap<String, Stored> values = new TreeMap<>();
  private final List<Watching> watches = new ArrayList<>();
  final List<Long> requests = new ArrayList<>();
  boolean down;
  boolean deaf;
  long revision = 1;
  int writes;

  MemoryBackend(VirtualTime time) {
    this.time = time;
  }

  void fail() {
    down = true;
    List<Watching> open = List.copyOf(watches);
    watches.clear();
    open.forEach(one -> one.follower.failed(new IllegalStateException("the line broke")));
  }

  /** Another one takes its place, that has nothing but as many revisions behind it. */
  void replaceByAnEmptyOne() {
    fail();
    values.clear();
    down = false;
  }

  private <T> CompletionStage<T> answer(Supplier<T> request) {
    requests.add(time.nanoTime());
    CompletableFuture<T> answer = new CompletableFuture<>();
    time.after(
        WAY,
        () -> {
          if (down) {
            answer.completeExceptionally(
                new StoreException(StoreException.Reason.UNREACHABLE, "it is down"));
          } else {
            T now = request.get();
            time.after(WAY, () -> answer.complete(now));
          }
        });
    return answer;
  }

  private Stored now(String key) {
    Stored held = values.get(key);
    return held == null
        ? Stored.nothing(revision)
        : Stored.value(held.bytes().orElseThrow(), held.revision(), revision);
  }

  private void tell(String key, Stored now) {
    if (!deaf) {
      watches.stream()
          .filter(one -> one.key.equals(key))
          .forEach(one -> time.after(WAY, () -> one.follower.changed(now)));
    }
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String kind() {
    return "memory";
  }

  @Override
  public int largestValue() {
    return 1 << 20;
  }

  @Override
  public CompletionStage<Stored> read(String key) {
    return answer(() -> now(key));
  }

  @Override
  public CompletionStage<Outcome> write(String key, byte[] value, long expected) {
    return answer(
        () -> {
          Stored held = now(key);
          if (held.revision() != expected) {
            return new Outcome(false, held);
          }
          writes++;
          revision++;
          Stored written = Stored.value(value, revision, revision);
          values.put(key, written);
          tell(key, written);
          return new Outcome(true, written);
        });
  }

  @Override
  public CompletionStage<Stored> delete(String key) {
    return answer(
        () -> {
          revision++;
          values.remove(key);
          Stored gone = Stored.nothing(revision);
          tell(key, gone);
          return gone;
        });
  }

  @Override
  public CompletionStage<List<String>> list(String prefix) {
    return answer(() -> values.keySet().stream().filter(key -> key.startsWith(prefix)).toList());
  }

  @Override
  public Following follow(String key, long asOf, Follower follower) {
    Watching watching = new Watching(key, follower);
    watches.add(watching);
    Stored now = now(key);
    if (!deaf && now.bytes().isPresent() && now.revision() > asOf) {
      time.after(WAY, () -> follower.changed(now));
    }
    return () -> watches.remove(watching);
  }

  @Override
  public void close() {}
}
