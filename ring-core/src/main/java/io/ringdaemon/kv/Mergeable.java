package io.ringdaemon.kv;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A value that replicas join without asking each other. Immutable: every method returns a new value
 * and touches neither input.
 *
 * <p><b>Laws</b> (tested by {@code MergeLaws}): merging is idempotent, commutative and associative.
 */
public interface Mergeable<V extends Mergeable<V>> {
  /**
   * Joins {@code other} into this. The change is what a peer that held this would have to learn.
   */
  Merged<V> merge(V other);

  /**
   * What a local writer did that turned this into {@code updated}: new and altered entries, and a
   * tombstone for each entry that is gone. Empty: nothing.
   */
  Optional<V> changeTo(V updated, Instant now);

  /**
   * This without the tombstones older than {@code before}, and without the oldest ones over {@code
   * limit}.
   */
  Purged<V> withoutTombstones(Instant before, int limit);

  /** This cut into values whose join is this, each encoded in about {@code maxBytes} at most. */
  List<Piece<V>> pieces(int maxBytes);

  /** The part of this that consists of the named entries, tombstones included. */
  V only(List<String> ids);

  /** Names of the entries, tombstones included, sorted. */
  List<String> content();

  /**
   * Shows each entry, tombstones included, in the order of their names, to whoever compares this
   * with another replica's value. Names are those that {@link #only} and {@link #content} know.
   */
  void eachEntry(EntryReader reader);

  /** How many entries are tombstones. */
  int tombstones();

  /**
   * If this, as a change of {@code before}, alters nothing but signs of life: those. They may
   * travel in place of the entries.
   */
  default Optional<List<Heartbeat>> heartbeatsSince(V before) {
    return Optional.empty();
  }

  /** Applies signs of life where the entry held is the one they speak of, and names the others. */
  Beaten<V> beat(List<Heartbeat> beats);

  /** Looks at entries without taking them apart. */
  interface EntryReader {
    /**
     * Entries of one id with equal hashes differ at most in their signs of life.
     *
     * @param timestamp of two differing entries the one with the later timestamp wins; a tie is
     *     decided by merging
     */
    void entry(String id, long timestamp, long sequence, long hash);
  }

  /** A merged value and what altered it. */
  record Merged<V>(V value, Optional<V> change) {}

  /** A value and the ids whose entries are not what the heartbeats said. */
  record Beaten<V>(Merged<V> merged, List<String> unknown) {}

  /**
   * A value after tombstones were dropped: {@code expired} of age, {@code pushedOut} by the limit.
   */
  record Purged<V>(V value, int expired, int pushedOut) {}

  /** A part of a value and about how many bytes it takes encoded. */
  record Piece<V>(V value, int bytes) {}
}
