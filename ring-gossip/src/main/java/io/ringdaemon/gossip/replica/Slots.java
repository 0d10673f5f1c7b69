package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.replica.Message.KeySum;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.Mergeable.Merged;
import io.ringdaemon.kv.Mergeable.Purged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * All keys of a replica. A key's generation and value join like one: the later generation wins
 * whole, values of one generation merge. So a deleted key stays deleted, whoever missed that, and
 * may be written anew. Confined to its replica.
 *
 * <p><b>Bounds:</b> {@link #MOST} keys, those over it are refused and counted; tombstones by age
 * and number.
 */
final class Slots {
  static final int MOST = 1_000;

  /** A name of an entry that stands for the generation of its key. */
  static final String GENERATION = "";

  private final Replica.Retention retention;
  private final Map<String, Slot<?>> slots = new TreeMap<>();
  private final LongAdder refused = new LongAdder();
  private final LongAdder forgottenTombstones = new LongAdder();

  Slots(Replica.Retention retention) {
    this.retention = retention;
  }

  Optional<Slot<?>> named(String key) {
    return Optional.ofNullable(slots.get(key));
  }

  @SuppressWarnings("unchecked") // a slot's value is of its key's codec, which is compared
  <V extends Mergeable<V>> Optional<Slot<V>> of(Key<V> key) {
    Slot<?> slot = slots.get(key.name());
    return slot == null || !slot.key.codec().id().equals(key.codec().id())
        ? Optional.empty()
        : Optional.of((Slot<V>) slot);
  }

  <V extends Mergeable<V>> Optional<Slot<V>> orNew(Key<V> key, Instant now) {
    if (!slots.containsKey(key.name())) {
      if (full()) {
        refused.increment();
        return Optional.empty();
      }
      slots.put(key.name(), new Slot<>(key, now));
    }
    return of(key);
  }

  boolean full() {
    return slots.size() >= MOST;
  }

  Collection<Slot<?>> all() {
    return slots.values();
  }

  /** Keys that hold something or were deleted, in numbers. */
  List<KeySum> sums() {
    List<KeySum> sums = new ArrayList<>();
    for (Slot<?> slot : slots.values()) {
      if (!slot.blank()) {
        sums.add(slot.sum());
      }
    }
    return sums;
  }

  /** Everything held, without signs of life, in one number. */
  long root() {
    long root = 0;
    for (KeySum sum : sums()) {
      root += Digests.ofKey(sum);
    }
    return root;
  }

  /** Joins what somebody told; names what was news, with {@link #GENERATION} among it. */
  <V extends Mergeable<V>> List<String> merge(Update<V> update, Instant now) {
    if (of(update.key()).isEmpty() && forgottenLongAgo(update, now)) {
      return List.of();
    }
    Optional<Slot<V>> found = orNew(update.key(), now);
    if (found.isEmpty() || update.generation() < found.get().generation()) {
      return List.of();
    }
    Slot<V> slot = found.get();
    List<String> news = new ArrayList<>();
    if (update.generation() > slot.generation()) {
      slot.begin(update.generation(), now);
      news.add(GENERATION);
    }
    Merged<V> merged = slot.value().merge(update.value());
    merged
        .change()
        .ifPresent(
            change -> {
              slot.set(merged.value(), now);
              news.addAll(change.content());
            });
    if (!news.isEmpty() && update.value().tombstones() > 0) {
      dropExpired(slot, update.value(), news, now);
    }
    return news;
  }

  /** What was removed before it need not be remembered. */
  private Instant expiry(Instant now) {
    return now.minus(retention.tombstones());
  }

  private <V extends Mergeable<V>> boolean forgottenLongAgo(Update<V> update, Instant now) {
    Instant before = expiry(now);
    return update.generation() > 0
        && update.generation() < before.toEpochMilli()
        && update.value().withoutTombstones(before, Integer.MAX_VALUE).value().content().isEmpty();
  }

  /** A tombstone whose time is over does its work and is not passed on, or it would never end. */
  private <V extends Mergeable<V>> void dropExpired(
      Slot<V> slot, V arrived, List<String> news, Instant now) {
    Instant before = expiry(now);
    if (arrived.withoutTombstones(before, Integer.MAX_VALUE).expired() > 0) {
      V kept = slot.value().withoutTombstones(before, Integer.MAX_VALUE).value();
      slot.set(kept, now);
      List<String> gone = new ArrayList<>(news);
      gone.removeAll(kept.only(news).content());
      gone.remove(GENERATION);
      news.removeAll(gone);
    }
  }

  /** Drops the tombstones whose time is over, of entries and of keys. */
  void purge(Instant now) {
    Iterator<Slot<?>> each = slots.values().iterator();
    while (each.hasNext()) {
      Slot<?> slot = each.next();
      purge(slot, now);
      boolean remembered = slot.generation() >= expiry(now).toEpochMilli() && slot.generation() > 0;
      if (slot.value().content().isEmpty() && !remembered) {
        each.remove();
      }
    }
  }

  private <V extends Mergeable<V>> void purge(Slot<V> slot, Instant now) {
    Purged<V> purged = slot.value().withoutTombstones(expiry(now), retention.mostTombstones());
    if (purged.expired() + purged.pushedOut() > 0) {
      slot.purged(purged.value());
      forgottenTombstones.add(purged.pushedOut());
    }
  }

  /** Keys refused because there are too many, since the start. Any thread. */
  long refused() {
    return refused.sum();
  }

  /** Tombstones dropped before their time because there were too many. Any thread. */
  long forgottenTombstones() {
    return forgottenTombstones.sum();
  }
}
