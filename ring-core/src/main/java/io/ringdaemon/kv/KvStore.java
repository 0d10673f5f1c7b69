package io.ringdaemon.kv;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Values by key, watched and changed. Stages complete and watchers run on the loop.
 *
 * <p><b>Threading:</b> confined to the loop.
 */
public interface KvStore {
  /** The value as known here, tombstones included; the codec's empty value if there is none. */
  <V extends Mergeable<V>> V get(Key<V> key);

  /**
   * Replaces the value by what {@code update} makes of it; an equal result writes nothing. {@code
   * update} may be called again when somebody else wrote in between, so it must be pure. Completes
   * with the value that is then known here, after watchers were told of it, or fails with what the
   * store said. Who cancels the stage's future doesn't want it any more: what has not been sent
   * then is not.
   */
  <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update);

  /**
   * Forgets the key with all it holds, and tells the others. Who still uses it writes it anew. The
   * removal is remembered as long as a tombstone, so that no peer that missed it brings the key
   * back. Completes when it is gone here; does nothing where there is nothing. Fails with {@link
   * UnsupportedOperationException} in a store that can't.
   */
  default CompletionStage<Void> delete(Key<?> key) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("this store does not delete keys"));
  }

  /**
   * Names of the keys that hold something and begin with {@code prefix}, sorted. Fails with {@link
   * UnsupportedOperationException} in a store that can't.
   */
  default CompletionStage<List<String>> list(String prefix) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("this store does not list keys"));
  }

  /**
   * Calls {@code watcher} with the value after each change, and once at once. Changes that follow
   * each other quickly may be told as one; the last is always told.
   */
  <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> watcher);

  /**
   * Completes when this store has heard from elsewhere: in gossip, when the values of a first peer
   * have arrived; in other stores at once.
   */
  CompletionStage<Void> firstContact();

  /**
   * Why the value at {@code key} may not be the present one; empty: nothing is known against it.
   * Any thread.
   */
  default Optional<StoreTrouble> trouble(String key) {
    return Optional.empty();
  }

  /** A watch that can be ended. */
  interface Watch {
    void cancel();
  }
}
