package io.ringdaemon.model;

import io.ringdaemon.kv.Hashes;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Mergeable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A ring's value: an entry per instance, tombstones among them, in the order of their ids. How two
 * of them join: {@link RingMerge}. An entry with timestamp 0 that is no tombstone never enters (as
 * in dskit).
 *
 * <p>A value made from another by replacing entries shares its ids and all other entries with it,
 * so that a heartbeat costs the same in a ring of any size.
 *
 * <p><b>Threading:</b> immutable but for the remembered version; any thread.
 */
public final class RingDesc implements Mergeable<RingDesc> {
  public static final RingDesc EMPTY = new RingDesc(new String[0], SharedList.of(List.of()), null);

  private final String[] ids;
  private final SharedList<InstanceDesc> entries;
  private volatile @Nullable String version;

  private RingDesc(String[] ids, SharedList<InstanceDesc> entries, @Nullable String version) {
    this.ids = ids;
    this.entries = entries;
    this.version = version;
  }

  /** The given entries; of several with one id the last. */
  public static RingDesc of(Collection<InstanceDesc> entries) {
    if (entries.size() == 1) {
      InstanceDesc only = entries.iterator().next();
      return only.timestamp() == 0 && !only.isTombstone()
          ? EMPTY
          : new RingDesc(new String[] {only.id()}, SharedList.of(entries), null);
    }
    TreeMap<String, InstanceDesc> byId = new TreeMap<>();
    for (InstanceDesc entry : entries) {
      if (entry.timestamp() != 0 || entry.isTombstone()) {
        byId.put(entry.id(), entry);
      }
    }
    return byId.isEmpty() ? EMPTY : sorted(byId);
  }

  private static RingDesc sorted(SortedMap<String, InstanceDesc> byId) {
    return new RingDesc(byId.keySet().toArray(new String[0]), SharedList.of(byId.values()), null);
  }

  /** Every entry, tombstones too, by id. */
  public List<InstanceDesc> entries() {
    return entries;
  }

  /** The entry, be it a tombstone. */
  public Optional<InstanceDesc> entry(String id) {
    return Optional.ofNullable(find(id));
  }

  private @Nullable InstanceDesc find(String id) {
    int at = Arrays.binarySearch(ids, id);
    return at < 0 ? null : entries.get(at);
  }

  /** Every instance, by id. */
  public List<InstanceDesc> instances() {
    return entries.stream().filter(entry -> !entry.isTombstone()).toList();
  }

  /** The instance, unless it is unknown or removed. */
  public Optional<InstanceDesc> instance(String id) {
    return entry(id).filter(entry -> !entry.isTombstone());
  }

  /** This with the entry put in place of its predecessor. */
  public RingDesc with(InstanceDesc entry) {
    int at = Arrays.binarySearch(ids, entry.id());
    if (at >= 0) {
      return new RingDesc(
          ids,
          entries.with(at, entry),
          entry.sameButForHeartbeat(entries.get(at)) ? version : null);
    }
    return joined(List.of(entry));
  }

  /** This without the entry; a store that gossips turns that into a tombstone. */
  public RingDesc without(String id) {
    return find(id) == null
        ? this
        : of(entries.stream().filter(entry -> !entry.id().equals(id)).toList());
  }

  private RingDesc joined(List<InstanceDesc> more) {
    TreeMap<String, InstanceDesc> joined = new TreeMap<>();
    entries.forEach(entry -> joined.put(entry.id(), entry));
    more.forEach(entry -> joined.put(entry.id(), entry));
    return sorted(joined);
  }

  /**
   * Where in {@link #entries} this holds another entry than {@code before}, ascending; empty if the
   * two were not made from each other without adding or dropping ids.
   */
  public Optional<int[]> replacedSince(RingDesc before) {
    return ids == before.ids ? Optional.of(entries.differing(before.entries)) : Optional.empty();
  }

  /**
   * The timestamp a writer must use now: its clock, but later than what it replaces (design.md
   * section 6).
   */
  public long timestampFor(String id, Instant now) {
    InstanceDesc held = find(id);
    return Math.max(now.getEpochSecond(), held == null ? 1 : held.timestamp() + 1);
  }

  /**
   * Hash of all instances without their heartbeats: equal on all nodes that agree (docs/formats.md:
   * a sum, so that it follows from what is remembered of each entry).
   */
  public String version() {
    String known = version;
    if (known == null) {
      long sum = 0;
      for (InstanceDesc entry : entries) {
        sum += entry.isTombstone() ? 0 : Hashes.mixed(entry.hash());
      }
      known = String.format("%016x", sum);
      version = known;
    }
    return known;
  }

  @Override
  public Merged<RingDesc> merge(RingDesc other) {
    SharedList<InstanceDesc> replaced = entries;
    int newer = 0;
    boolean added = false;
    boolean onlyBeats = true;
    for (int i = 0; i < other.ids.length; i++) {
      InstanceDesc arriving = other.entries.get(i);
      int at = ids == other.ids ? i : Arrays.binarySearch(ids, arriving.id());
      InstanceDesc held = at < 0 ? null : entries.get(at);
      if (held == null) {
        added = true;
        newer++;
      } else if (RingMerge.newer(arriving, held)) {
        onlyBeats &= arriving.sameButForHeartbeat(held);
        replaced = replaced.with(at, arriving);
        newer++;
      }
    }
    if (newer == 0) {
      return new Merged<>(this, Optional.empty());
    }
    boolean all = newer == other.ids.length;
    List<InstanceDesc> news = all ? other.entries : newerIn(other);
    RingDesc merged =
        added ? joined(news) : new RingDesc(ids, replaced, onlyBeats ? version : null);
    return new Merged<>(merged, Optional.of(all ? other : of(news)));
  }

  private List<InstanceDesc> newerIn(RingDesc other) {
    List<InstanceDesc> news = new ArrayList<>();
    for (InstanceDesc arriving : other.entries) {
      InstanceDesc held = find(arriving.id());
      if (held == null || RingMerge.newer(arriving, held)) {
        news.add(arriving);
      }
    }
    return news;
  }

  @Override
  public Optional<RingDesc> changeTo(RingDesc updated, Instant now) {
    List<InstanceDesc> changed = new ArrayList<>();
    if (ids == updated.ids) {
      for (int at : updated.entries.differing(entries)) {
        if (!updated.entries.get(at).equals(entries.get(at))) {
          changed.add(updated.entries.get(at));
        }
      }
    } else {
      updated.entries.stream()
          .filter(entry -> !entry(entry.id()).equals(Optional.of(entry)))
          .forEach(changed::add);
      entries.stream()
          .filter(entry -> !entry.isTombstone() && updated.find(entry.id()) == null)
          .map(entry -> InstanceDesc.tombstone(entry.id(), timestampFor(entry.id(), now)))
          .forEach(changed::add);
    }
    return changed.isEmpty() ? Optional.empty() : Optional.of(of(changed));
  }

  @Override
  public Purged<RingDesc> withoutTombstones(Instant before, int limit) {
    List<InstanceDesc> tombstones =
        entries.stream()
            .filter(InstanceDesc::isTombstone)
            .sorted(Comparator.comparingLong(InstanceDesc::timestamp))
            .toList();
    int expired =
        (int)
            tombstones.stream()
                .filter(entry -> entry.timestamp() < before.getEpochSecond())
                .count();
    int pushedOut = Math.max(0, tombstones.size() - expired - limit);
    if (expired == 0 && pushedOut == 0) {
      return new Purged<>(this, 0, 0);
    }
    TreeMap<String, InstanceDesc> kept = new TreeMap<>();
    entries.forEach(entry -> kept.put(entry.id(), entry));
    tombstones.subList(0, expired + pushedOut).forEach(entry -> kept.remove(entry.id()));
    return new Purged<>(sorted(kept), expired, pushedOut);
  }

  @Override
  public List<Piece<RingDesc>> pieces(int maxBytes) {
    List<Piece<RingDesc>> pieces = new ArrayList<>();
    List<InstanceDesc> piece = new ArrayList<>();
    int bytes = 0;
    for (InstanceDesc entry : entries) {
      int size = RingCodec.size(entry);
      if (!piece.isEmpty() && bytes + size > maxBytes) {
        pieces.add(new Piece<>(of(piece), bytes));
        piece.clear();
        bytes = 0;
      }
      piece.add(entry);
      bytes += size;
    }
    if (!piece.isEmpty()) {
      pieces.add(new Piece<>(of(piece), bytes));
    }
    return pieces;
  }

  @Override
  public RingDesc only(List<String> ids) {
    return of(ids.stream().map(this::find).filter(Objects::nonNull).toList());
  }

  @Override
  public List<String> content() {
    return Collections.unmodifiableList(Arrays.asList(ids));
  }

  /** A tombstone has no sign of life: its date is part of what it says. */
  @Override
  public void eachEntry(EntryReader reader) {
    for (InstanceDesc entry : entries) {
      long dated =
          entry.isTombstone() ? Hashes.mixed(entry.timestamp() ^ (entry.sequence() << 40)) : 0;
      reader.entry(entry.id(), entry.timestamp(), entry.sequence(), entry.hash() + dated);
    }
  }

  @Override
  public int tombstones() {
    return (int) entries.stream().filter(InstanceDesc::isTombstone).count();
  }

  @Override
  public Optional<List<Heartbeat>> heartbeatsSince(RingDesc before) {
    List<Heartbeat> beats = new ArrayList<>(ids.length);
    for (InstanceDesc entry : entries) {
      InstanceDesc held = before.find(entry.id());
      if (held == null || entry.isTombstone() || !entry.sameButForHeartbeat(held)) {
        return Optional.empty();
      }
      beats.add(new Heartbeat(entry.id(), entry.timestamp(), entry.sequence(), entry.hash()));
    }
    return Optional.of(beats);
  }

  @Override
  public Beaten<RingDesc> beat(List<Heartbeat> beats) {
    SharedList<InstanceDesc> replaced = entries;
    List<InstanceDesc> beaten = new ArrayList<>(beats.size());
    List<String> unknown = List.of();
    for (Heartbeat beat : beats) {
      int at = Arrays.binarySearch(ids, beat.id());
      InstanceDesc held = at < 0 ? null : entries.get(at);
      if (held != null && outdates(held, beat)) {
        continue;
      }
      if (held == null || held.isTombstone() || held.hash() != beat.hash()) {
        unknown = unknown.isEmpty() ? new ArrayList<>() : unknown;
        unknown.add(beat.id());
      } else {
        InstanceDesc fresh = held.withTimestamp(beat.timestamp(), beat.sequence());
        replaced = replaced.with(at, fresh);
        beaten.add(fresh);
      }
    }
    return new Beaten<>(
        beaten.isEmpty()
            ? new Merged<>(this, Optional.empty())
            : new Merged<>(new RingDesc(ids, replaced, version), Optional.of(of(beaten))),
        unknown);
  }

  /** Whether a sign of life is nothing newer, or older than a removal. */
  private static boolean outdates(InstanceDesc held, Heartbeat beat) {
    return held.timestamp() > beat.timestamp()
        || (held.timestamp() == beat.timestamp()
            && (held.isTombstone() || held.sequence() >= beat.sequence()));
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof RingDesc ring
            && (ids == ring.ids || Arrays.equals(ids, ring.ids))
            && entries.equals(ring.entries));
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
