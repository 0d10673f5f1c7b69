package io.ringdaemon.store;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.store.Backend.Outcome;
import io.ringdaemon.store.StoreException.Reason;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * Changes one key, one change after the other: what is known here is changed and written under the
 * condition that it still is what the backend holds; if it isn't, the change is made anew on what
 * came with the refusal. So two nodes never undo each other's writes.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> {@value #MOST_WAITING} changes wait; a
 * change is tried as often as configured.
 */
final class KeyWriter<V extends Mergeable<V>> {
  private static final int MOST_WAITING = 256;
  private static final Duration AFTER_CONFLICT = Duration.ofMillis(5);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Link link;
  private final World world;
  private final Key<V> key;
  private final RemoteValue<V> value;
  private final Contact contact;
  private final Runnable changed;
  private final Runnable suspect;
  private final Deque<Change> waiting = new ArrayDeque<>();
  private boolean busy;

  private final class Change {
    private final UnaryOperator<V> update;
    private final CompletableFuture<V> done = new CompletableFuture<>();
    private final Pause afterConflict =
        new Pause(world, AFTER_CONFLICT, link.settings().conflictPause());
    private final Pause afterFailure = new Pause(world, AFTER_FAILURE, LONGEST_PAUSE);
    private int tries;

    private Change(UnaryOperator<V> update) {
      this.update = update;
    }
  }

  /** {@code changed}: the value may be another; {@code suspect}: the backend may be gone. */
  KeyWriter(
      Link link,
      Key<V> key,
      RemoteValue<V> value,
      Contact contact,
      Runnable changed,
      Runnable suspect) {
    this.link = link;
    this.world = link.world();
    this.key = key;
    this.value = value;
    this.contact = contact;
    this.changed = changed;
    this.suspect = suspect;
  }

  CompletableFuture<V> change(UnaryOperator<V> update) {
    Change change = new Change(update);
    if (waiting.size() >= MOST_WAITING) {
      change.done.completeExceptionally(
          new StoreException(
              Reason.BUSY,
              MOST_WAITING + " changes of " + key + " wait for " + link.backend().name()));
    } else {
      waiting.add(change);
      next();
    }
    return change.done;
  }

  private void next() {
    while (!busy) {
      Change change = waiting.poll();
      if (change == null) {
        return;
      }
      if (!change.done.isDone()) {
        busy = true;
        attempt(change);
      }
    }
  }

  private void end(Runnable completion) {
    busy = false;
    try {
      completion.run();
    } finally {
      next();
    }
  }

  private void fail(Change change, Throwable why) {
    end(() -> change.done.completeExceptionally(why));
  }

  private void attempt(Change change) {
    if (change.done.isDone()) {
      end(() -> {});
    } else if (!value.loaded()) {
      load(change);
    } else if (value.foreign().isPresent()) {
      fail(change, new StoreException(Reason.NOT_OURS, value.foreign().get()));
    } else {
      write(change);
    }
  }

  private void load(Change change) {
    var unused =
        link.requests()
            .read(key.name())
            .whenComplete(
                (stored, failure) -> {
                  if (failure == null) {
                    value.absorb(stored, 0, world.now());
                    contact.heard(value.foreign());
                    try {
                      changed.run();
                    } finally {
                      attempt(change);
                    }
                  } else {
                    contact.notRead(StoreException.of(failure));
                    failed(change, StoreException.of(failure));
                  }
                });
  }

  private void write(Change change) {
    byte[] bytes;
    try {
      V held = value.view();
      Optional<V> altered = held.changeTo(change.update.apply(held), world.now());
      if (altered.isEmpty()) {
        end(() -> change.done.complete(held));
        return;
      }
      bytes = StoredForm.encode(key.codec(), held.merge(altered.get()).value());
    } catch (RuntimeException refused) {
      fail(change, refused);
      return;
    }
    if (bytes.length > link.backend().largestValue()) {
      fail(
          change,
          new StoreException(
              Reason.TOO_LARGE,
              "%s would take %d bytes, and %s takes %d"
                  .formatted(
                      key, bytes.length, link.backend().name(), link.backend().largestValue())));
      return;
    }
    var unused =
        link.requests()
            .write(key.name(), bytes, value.revision())
            .whenComplete(
                (outcome, failure) -> {
                  if (failure == null) {
                    answered(change, outcome);
                  } else {
                    StoreException why = StoreException.of(failure);
                    contact.notWritten(why);
                    suspect.run();
                    failed(change, why);
                  }
                });
  }

  /** Watchers are told before the change completes, as {@link KvStore#cas} promises. */
  private void answered(Change change, Outcome outcome) {
    value.absorb(outcome.now(), 0, world.now());
    contact.heard(value.foreign());
    contact.written();
    try {
      changed.run();
    } finally {
      if (outcome.written()) {
        V held = value.view();
        end(() -> change.done.complete(held));
      } else {
        refused(change);
      }
    }
  }

  private void refused(Change change) {
    link.metrics().conflicts.increment();
    if (++change.tries >= link.settings().mostTries()) {
      fail(
          change,
          new StoreException(
              Reason.CONFLICTS,
              "%s: others wrote first, %d times".formatted(key, link.settings().mostTries())));
    } else if (change.tries == 1) {
      attempt(change);
    } else {
      world.loop().after(change.afterConflict.next(), () -> attempt(change));
    }
  }

  private void failed(Change change, StoreException why) {
    if (!why.reason().passing() || ++change.tries >= link.settings().mostTries()) {
      fail(change, why);
    } else {
      world.loop().after(change.afterFailure.next(), () -> attempt(change));
    }
  }
}
