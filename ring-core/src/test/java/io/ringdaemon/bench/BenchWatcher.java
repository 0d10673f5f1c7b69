package io.ringdaemon.bench;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A watcher that is told of each value by hand, in a world where time stands still. */
final class BenchWatcher implements KvStore, Loop {
  private final List<Consumer<RingDesc>> watchers = new ArrayList<>();
  private final RingWatcher watcher;
  private RingDesc value;

  BenchWatcher(RingDesc value, RingOptions options) {
    this.value = value;
    World world = new World(() -> BenchRings.NOW, this, new SplittableRandom(1));
    watcher =
        new RingWatcher(
            world, options, this, new Key<>("bench", RingCodec.INSTANCE), Liveness.unknown());
  }

  Ring show(RingDesc next) {
    value = next;
    watchers.get(0).accept(next);
    return watcher.ring();
  }

  RingDesc value() {
    return value;
  }

  void refresh() {
    watcher.refresh();
  }

  @Override
  @SuppressWarnings("unchecked") // there is but one key
  public <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> told) {
    watchers.add((Consumer<RingDesc>) (Consumer<?>) told);
    told.accept((V) value);
    return () -> {};
  }

  @Override
  public <V extends Mergeable<V>> V get(Key<V> key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> firstContact() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public boolean inside() {
    return true;
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    return () -> {};
  }
}
