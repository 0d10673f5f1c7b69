package io.ringdaemon.model;

import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Mergeable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A ring's value: an entry per instance, tombstones among them. Immutable. How two of them join:
 * {@link RingMerge}. An entry with timestamp 0 that is no tombstone never enters (as in dskit).
 */
public final class RingDesc implements Mergeable<RingDesc> {
  public static final RingDesc EMPTY = new RingDesc(new TreeMap<>());

  private final NavigableMap<String, InstanceDesc> entries;

  private RingDesc(NavigableMap<String, InstanceDesc> entries) {
    this.entries = Collections.unmodifiableNavigableMap(entries);
  }

  public static RingDesc of(Collection<InstanceDesc> entries) {
    NavigableMap<String, InstanceDesc> byId = new TreeMap<>();
    for (InstanceDesc entry : entries) {
      if (entry.timestamp() != 0 || entry.isTombstone()) {
        byId.put(entry.id(), entry);
      }
    }
    return byId.isEmpty() ? EMPTY : new RingDesc(byId);
  }

  /** Every entry, tombstones too, by id. */
  public Collection<InstanceDesc> entries() {
    return entries.values();
  }

  /** The entry, be it a tombstone. */
  public Optional<InstanceDesc> entry(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** Every instance, by id. */
  public List<InstanceDesc> instances() {
    return entries.values().stream().filter(entry -> !entry.isTombstone()).toList();
  }

  /** The instance, unless it is unknown or removed. */
  public Optional<InstanceDesc> instance(String id) {
    return entry(id).filter(entry -> !entry.isTombstone());
  }

  /** This with the entry put in place of its predecessor. */
  public RingDesc with(InstanceDesc entry) {
    NavigableMap<String, InstanceDesc> changed = new TreeMap<>(entries);
    changed.put(entry.id(), entry);
    return new RingDesc(changed);
  }

  /** This without the entry; a store that gossips turns that into a tombstone. */
  public RingDesc without(String id) {
    NavigableMap<String, InstanceDesc> changed = new TreeMap<>(entries);
    changed.remove(id);
    return new RingDesc(changed);
  }

  /**
   * The timestamp a writer must use now: its clock, but later than what it replaces (design.md
   * section 6).
   */
  public long timestampFor(String id, Instant now) {
    long last = entry(id).map(InstanceDesc::timestamp).orElse(0L);
    return Math.max(now.getEpochSecond(), last + 1);
  }

  /** Hash of all instances without their heartbeats: equal on all nodes that agree. */
  public String version() {
    return String.format("%016x", RingCodec.hash(instances()));
  }

  @Override
  public Merged<RingDesc> merge(RingDesc other) {
    List<InstanceDesc> newer = new ArrayList<>();
    for (InstanceDesc arriving : other.entries.values()) {
      InstanceDesc held = entries.get(arriving.id());
      if (held == null || RingMerge.newer(arriving, held)) {
        newer.add(arriving);
      }
    }
    if (newer.isEmpty()) {
      return new Merged<>(this, Optional.empty());
    }
    NavigableMap<String, InstanceDesc> merged = new TreeMap<>(entries);
    newer.forEach(entry -> merged.put(entry.id(), entry));
    return new Merged<>(new RingDesc(merged), Optional.of(of(newer)));
  }

  @Override
  public Optional<RingDesc> changeTo(RingDesc updated, Instant now) {
    List<InstanceDesc> changed = new ArrayList<>();
    for (InstanceDesc entry : updated.entries.values()) {
      if (!entry.equals(entries.get(entry.id()))) {
        changed.add(entry);
      }
    }
    for (InstanceDesc entry : entries.values()) {
      if (!entry.isTombstone() && !updated.entries.containsKey(entry.id())) {
        changed.add(InstanceDesc.tombstone(entry.id(), timestampFor(entry.id(), now)));
      }
    }
    return changed.isEmpty() ? Optional.empty() : Optional.of(of(changed));
  }

  @Override
  public Purged<RingDesc> withoutTombstones(Instant before, int limit) {
    List<InstanceDesc> tombstones =
        entries.values().stream()
            .filter(InstanceDesc::isTombstone)
            .sorted(Comparator.comparingLong(InstanceDesc::timestamp))
            .toList();
    List<InstanceDesc> expired =
        tombstones.stream().filter(entry -> entry.timestamp() < before.getEpochSecond()).toList();
    int pushedOut = Math.max(0, tombstones.size() - expired.size() - limit);
    if (expired.isEmpty() && pushedOut == 0) {
      return new Purged<>(this, 0, 0);
    }
    NavigableMap<String, InstanceDesc> kept = new TreeMap<>(entries);
    tombstones.stream()
        .limit(expired.size() + (long) pushedOut)
        .forEach(entry -> kept.remove(entry.id()));
    return new Purged<>(new RingDesc(kept), expired.size(), pushedOut);
  }

  @Override
  public List<Piece<RingDesc>> pieces(int maxBytes) {
    List<Piece<RingDesc>> pieces = new ArrayList<>();
    List<InstanceDesc> piece = new ArrayList<>();
    int bytes = 0;
    for (InstanceDesc entry : entries.values()) {
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
    return of(ids.stream().map(entries::get).filter(java.util.Objects::nonNull).toList());
  }

  @Override
  public List<String> content() {
    return List.copyOf(entries.keySet());
  }

  @Override
  public int tombstones() {
    return (int) entries.values().stream().filter(InstanceDesc::isTombstone).count();
  }

  @Override
  public Optional<List<Heartbeat>> heartbeatsSince(RingDesc before) {
    List<Heartbeat> beats = new ArrayList<>();
    for (InstanceDesc entry : entries.values()) {
      InstanceDesc held = before.entries.get(entry.id());
      if (held == null || entry.isTombstone() || !entry.sameButForHeartbeat(held)) {
        return Optional.empty();
      }
      beats.add(
          new Heartbeat(entry.id(), entry.timestamp(), entry.sequence(), RingCodec.hash(entry)));
    }
    return Optional.of(beats);
  }

  @Override
  public Beaten<RingDesc> beat(List<Heartbeat> beats) {
    List<InstanceDesc> beaten = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Heartbeat beat : beats) {
      InstanceDesc held = entries.get(beat.id());
      if (held != null && held.timestamp() >= beat.timestamp()) {
        continue; // nothing newer: also a tombstone that outdates it
      }
      if (held == null || held.isTombstone() || RingCodec.hash(held) != beat.hash()) {
        unknown.add(beat.id());
      } else {
        beaten.add(held.withTimestamp(beat.timestamp(), beat.sequence()));
      }
    }
    return new Beaten<>(merge(of(beaten)), unknown);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RingDesc ring && entries.equals(ring.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.values().toString();
  }
}
