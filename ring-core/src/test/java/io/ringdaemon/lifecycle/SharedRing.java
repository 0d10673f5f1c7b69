package io.ringdaemon.lifecycle;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One ring that several nodes in virtual time read and write, as through etcd: a write takes as
 * long as the test says, may fail, and everybody is told of each new value.
 */
final class SharedRing {
  static final Key<RingDesc> KEY = new Key<>("ring", RingCodec.INSTANCE);

  private record Watcher(VirtualTime.Node node, Consumer<RingDesc> told) {}

  private final VirtualTime time;
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<BiConsumer<RingDesc, RingDesc>> checks = new ArrayList<>();
  private RingDesc value = RingDesc.EMPTY;
  Duration slow = Duration.ZERO;
  boolean failing;
  int attempts;

  SharedRing(VirtualTime time) {
    this.time = time;
  }

  /** Called with the value before and after each change. */
  void check(BiConsumer<RingDesc, RingDesc> check) {
    checks.add(check);
  }

  RingDesc value() {
    return value;
  }

  /** A change by somebody else, now. */
  void change(UnaryOperator<RingDesc> update) {
    RingDesc before = value;
    before
        .changeTo(update.apply(before), time.now())
        .ifPresent(
            change -> {
              value = before.merge(change).value();
              checks.forEach(check -> check.accept(before, value));
              RingDesc now = value;
              List.copyOf(watchers)
                  .forEach(watcher -> watcher.node().execute(() -> watcher.told().accept(now)));
            });
  }

  /** The ring as that node reaches it. */
  KvStore from(VirtualTime.Node node) {
    return new KvStore() {
      @Override
      @SuppressWarnings("unchecked") // one key, one type
      public <V extends Mergeable<V>> V get(Key<V> key) {
        return (V) value;
      }

      @Override
      @SuppressWarnings("unchecked")
      public <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update) {
        assert node.inside() : "outside the loop";
        attempts++;
        CompletableFuture<V> done = new CompletableFuture<>();
        node.after(
            slow,
            () -> {
              if (failing) {
                done.completeExceptionally(new IllegalStateException("the store is down"));
              } else {
                change((UnaryOperator<RingDesc>) update);
                RingDesc now = value;
                node.after(slow, () -> done.complete((V) now));
              }
            });
        return done;
      }

      @Override
      @SuppressWarnings("unchecked")
      public <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> watcher) {
        Watcher added = new Watcher(node, (Consumer<RingDesc>) (Consumer<?>) watcher);
        watchers.add(added);
        RingDesc now = value;
        node.execute(() -> added.told().accept(now));
        return () -> watchers.remove(added);
      }

      @Override
      public CompletionStage<Void> delete(Key<?> key) {
        throw new UnsupportedOperationException("no test deletes the ring");
      }

      @Override
      public CompletionStage<List<String>> list(String prefix) {
        throw new UnsupportedOperationException("no test lists rings");
      }

      @Override
      public CompletionStage<Void> firstContact() {
        return CompletableFuture.completedFuture(null);
      }
    };
  }
}
