package io.ringdaemon.kv;

import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Values that several nodes in virtual time share, as through etcd: a write takes a few
 * milliseconds, and everybody is told of each new value.
 */
public final class SharedStore {
  private static final Duration WAY = Duration.ofMillis(2);

  private record Watcher(VirtualTime.Node node, Consumer<Object> told) {}

  private final VirtualTime time;
  private final Map<String, Object> values = new TreeMap<>();
  private final Map<String, List<Watcher>> watchers = new TreeMap<>();

  public SharedStore(VirtualTime time) {
    this.time = time;
  }

  @SuppressWarnings("unchecked") // a key's name and codec belong together
  private <V extends Mergeable<V>> V value(Key<V> key) {
    return (V) values.computeIfAbsent(key.name(), name -> key.codec().empty());
  }

  private <V extends Mergeable<V>> void change(Key<V> key, UnaryOperator<V> update) {
    V before = value(key);
    Optional<V> change = before.changeTo(update.apply(before), time.now());
    if (change.isPresent()) {
      V now = before.merge(change.get()).value();
      values.put(key.name(), now);
      for (Watcher watcher : watchers.getOrDefault(key.name(), List.of())) {
        watcher.node.execute(() -> watcher.told.accept(now));
      }
    }
  }

  /** The store as that node reaches it. */
  public KvStore from(VirtualTime.Node node) {
    return new KvStore() {
      @Override
      public <V extends Mergeable<V>> V get(Key<V> key) {
        return value(key);
      }

      @Override
      public <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update) {
        CompletableFuture<V> done = new CompletableFuture<>();
        time.after(
            WAY,
            () -> {
              try {
                change(key, update);
                V now = value(key);
                node.after(WAY, () -> done.complete(now));
              } catch (RuntimeException refused) {
                node.after(WAY, () -> done.completeExceptionally(refused));
              }
            });
        return done;
      }

      @Override
      @SuppressWarnings("unchecked")
      public <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> watcher) {
        Watcher added = new Watcher(node, told -> watcher.accept((V) told));
        watchers.computeIfAbsent(key.name(), name -> new ArrayList<>()).add(added);
        V now = value(key);
        node.execute(() -> watcher.accept(now));
        return () -> watchers.get(key.name()).remove(added);
      }

      @Override
      public CompletionStage<Void> firstContact() {
        return CompletableFuture.completedFuture(null);
      }
    };
  }
}
