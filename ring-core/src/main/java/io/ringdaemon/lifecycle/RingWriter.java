package io.ringdaemon.lifecycle;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.model.RingDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Writes to the ring one after the other, so that a heartbeat under way can't undo a change of
 * state that was asked for after it (W25 in reference/ring-semantics.md). Confined to the loop.
 */
final class RingWriter {
  private static final int LIMIT = 64;

  private record Write(
      UnaryOperator<RingDesc> update, Consumer<RingDesc> done, Consumer<Throwable> failed) {}

  private final KvStore store;
  private final Key<RingDesc> key;
  private final LongAdder failures;
  private final Consumer<Boolean> afterEach;
  private final Deque<Write> waiting = new ArrayDeque<>();
  private boolean writing;

  /** {@code afterEach} is called after each write, with whether it succeeded. */
  RingWriter(KvStore store, Key<RingDesc> key, LongAdder failures, Consumer<Boolean> afterEach) {
    this.store = store;
    this.key = key;
    this.failures = failures;
    this.afterEach = afterEach;
  }

  /** Whether a write is under way. */
  boolean busy() {
    return writing;
  }

  /** Writes once those before have ended. */
  void write(UnaryOperator<RingDesc> update, Consumer<RingDesc> done, Consumer<Throwable> failed) {
    if (waiting.size() >= LIMIT) {
      failures.increment();
      failed.accept(new IllegalStateException(LIMIT + " writes are waiting for the store"));
      return;
    }
    waiting.add(new Write(update, done, failed));
    next();
  }

  private void next() {
    Write write = writing ? null : waiting.poll();
    if (write == null) {
      return;
    }
    writing = true;
    store
        .cas(key, write.update())
        .whenComplete(
            (ring, failure) -> {
              writing = false;
              try {
                if (failure == null) {
                  write.done().accept(ring);
                } else {
                  failures.increment();
                  write.failed().accept(failure);
                }
              } finally {
                next();
                afterEach.accept(failure == null);
              }
            });
  }
}
