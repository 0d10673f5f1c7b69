package io.ringdaemon.kv;

import io.ringdaemon.time.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** One process, no persistence: for a daemon by itself and for tests. */
public final class InMemoryKvStore implements KvStore {
  private final World world;
  private final Map<String, Slot<?>> slots = new TreeMap<>();

  public InMemoryKvStore(World world) {
    this.world = world;
  }

  @Override
  public <V extends Mergeable<V>> V get(Key<V> key) {
    return slot(key).value;
  }

  @Override
  public <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update) {
    assert world.loop().inside() : "cas outside the loop";
    Slot<V> slot = slot(key);
    V updated;
    try {
      updated = update.apply(slot.value);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    Optional<V> change = slot.value.changeTo(updated, world.now());
    if (change.isPresent()) {
      slot.value = slot.value.merge(change.get()).value();
      slot.watchers.tell(slot.value);
    }
    return CompletableFuture.completedFuture(slot.value);
  }

  @Override
  public CompletionStage<Void> delete(Key<?> key) {
    assert world.loop().inside() : "delete outside the loop";
    Slot<?> slot = slots.get(key.name());
    if (slot != null) {
      slot.clear();
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<List<String>> list(String prefix) {
    return CompletableFuture.completedFuture(
        slots.entrySet().stream()
            .filter(slot -> slot.getKey().startsWith(prefix) && slot.getValue().holdsSomething())
            .map(Map.Entry::getKey)
            .toList());
  }

  @Override
  public <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> watcher) {
    Slot<V> slot = slot(key);
    Watch watch = slot.watchers.add(watcher);
    watcher.accept(slot.value);
    return watch;
  }

  @Override
  public CompletionStage<Void> firstContact() {
    return CompletableFuture.completedFuture(null);
  }

  @SuppressWarnings("unchecked") // a key's name and codec belong together
  private <V extends Mergeable<V>> Slot<V> slot(Key<V> key) {
    return (Slot<V>) slots.computeIfAbsent(key.name(), name -> new Slot<>(key.codec().empty()));
  }

  private static final class Slot<V extends Mergeable<V>> {
    private final Watchers<V> watchers = new Watchers<>();
    private final V empty;
    private V value;

    private Slot(V empty) {
      this.empty = empty;
      this.value = empty;
    }

    private void clear() {
      value = empty;
      watchers.tell(value);
    }

    private boolean holdsSomething() {
      return !value.equals(empty);
    }
  }
}
