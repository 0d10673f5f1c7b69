package io.ringdaemon.store;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.kv.Mergeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known here of one key of a backend. The value stored is the truth: what it no longer
 * holds is gone. A removed entry is remembered here, as a tombstone that is never stored, so that
 * the view, the pages and "already forgotten" are the same as in a gossip ring.
 *
 * <p>Pure. <b>Bounds:</b> tombstones are kept two days, at most 10,000.
 */
final class RemoteValue<V extends Mergeable<V>> {
  private static final Duration TOMBSTONES = Duration.ofDays(2);
  private static final int MOST_TOMBSTONES = 10_000;

  private final Key<V> key;
  private V view;
  private long revision;
  private long asOf;
  private boolean loaded;
  private boolean viewed;
  private Optional<String> foreign = Optional.empty();

  RemoteValue(Key<V> key) {
    this.key = key;
    this.view = key.codec().empty();
  }

  V view() {
    return view;
  }

  /** To compare with in the next write. */
  long revision() {
    return revision;
  }

  long asOf() {
    return asOf;
  }

  /** Whether the key has been read, whatever stood there. */
  boolean loaded() {
    return loaded;
  }

  /** Whether the view has come from the store. */
  boolean viewed() {
    return viewed;
  }

  /** Why what is stored is not a value of this key; empty: it is one. */
  Optional<String> foreign() {
    return foreign;
  }

  /**
   * Takes what the backend said, unless something later is known. A read that was asked when {@code
   * askedAt} was known here, and yet answers something earlier, means that the backend itself went
   * back: emptied, or restored from a copy. Then it counts. So does another revision as of the same
   * moment: one history has one of them.
   */
  void absorb(Stored stored, long askedAt, Instant now) {
    boolean wentBack = stored.asOf() < askedAt;
    boolean known =
        stored.asOf() < asOf || (stored.asOf() == asOf && stored.revision() == revision);
    if (loaded && known && !wentBack) {
      return;
    }
    loaded = true;
    asOf = stored.asOf();
    revision = stored.revision();
    try {
      V value =
          stored.bytes().isPresent()
              ? StoredForm.decode(key.codec(), stored.bytes().get())
              : key.codec().empty();
      foreign = Optional.empty();
      see(value, now);
    } catch (MalformedValueException malformed) {
      foreign =
          Optional.of(
              "the value at %s is not a %s (%s), so it is not overwritten: delete it there, or choose another key or prefix"
                  .formatted(key, key.codec().id(), malformed.getMessage()));
    }
  }

  private void see(V stored, Instant now) {
    viewed = true;
    Optional<V> change = view.changeTo(stored, now);
    V merged = change.isPresent() ? view.merge(change.get()).value() : view;
    List<String> gone = new ArrayList<>(merged.content());
    gone.removeAll(java.util.Set.copyOf(stored.content()));
    V truth = gone.isEmpty() ? stored : stored.merge(merged.only(gone)).value();
    // Merged shares what didn't change with the view before, which makes a heartbeat cheap.
    V next = merged.equals(truth) ? merged : truth;
    view = next.withoutTombstones(now.minus(TOMBSTONES), MOST_TOMBSTONES).value();
  }
}
