package io.ringdaemon.election;

import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Mergeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who claimed to lead a ring with the highest epoch, and who abstains: a value of its own beside
 * the ring's (key + {@code /leader}), so that foreign members of a ring never see or drop it
 * (design.md section 7). Immutable.
 */
public record LeaderRecord(
    Optional<Claim> claim, NavigableMap<String, Abstention> abstentions, long floor)
    implements Mergeable<LeaderRecord> {
  public static final LeaderRecord EMPTY = new LeaderRecord(Optional.empty(), new TreeMap<>(), 0);

  /** Abstentions kept at most; the oldest go first. */
  private static final int MOST_ABSTENTIONS = 1_000;

  /**
   * A claim: of two the higher epoch wins, then the smaller instance id, then the released one; the
   * rest only makes the order total.
   *
   * @param life of the node, so that a restarted instance doesn't hold what its former life claimed
   * @param since Unix milliseconds, by the claimer's clock
   * @param released the holder stepped down by itself
   */
  public record Claim(
      long epoch,
      String instanceId,
      String addr,
      String node,
      long life,
      long since,
      boolean released) {
    static final Comparator<Claim> ORDER =
        Comparator.comparingLong(Claim::epoch)
            .thenComparing(Comparator.comparing(Claim::instanceId).reversed())
            .thenComparing(Claim::released)
            .thenComparingLong(Claim::since)
            .thenComparingLong(Claim::life)
            .thenComparing(Claim::addr)
            .thenComparing(Claim::node);

    Claim release() {
      return new Claim(epoch, instanceId, addr, node, life, since, true);
    }
  }

  /**
   * "I don't want to lead now."
   *
   * @param since Unix milliseconds, by the abstainer's clock: of two the later wins
   * @param until Unix milliseconds; readers use only its distance from {@code since}, from arrival
   *     on
   * @param epoch ends it once a greater one was claimed; 0: it lasts its time
   */
  public record Abstention(long since, long until, long epoch) {
    static final Comparator<Abstention> ORDER =
        Comparator.comparingLong(Abstention::since)
            .thenComparingLong(Abstention::until)
            .thenComparingLong(Abstention::epoch);

    static Abstention from(Instant now, Duration lasts, long epoch) {
      long since = now.toEpochMilli();
      return new Abstention(since, since + lasts.toMillis(), epoch);
    }

    /** The same dated so that it wins over {@code before}. */
    Abstention after(Abstention before) {
      long late = Math.max(0, before.since + 1 - since);
      return new Abstention(since + late, until + late, epoch);
    }
  }

  public LeaderRecord {
    abstentions = Collections.unmodifiableNavigableMap(new TreeMap<>(abstentions));
  }

  /** The highest epoch claimed or remembered; 0 if none. */
  public long epoch() {
    return Math.max(floor, claim.map(Claim::epoch).orElse(0L));
  }

  LeaderRecord remembering(long epoch) {
    return new LeaderRecord(claim, abstentions, Math.max(floor, epoch));
  }

  LeaderRecord claimed(Claim by) {
    return new LeaderRecord(Optional.of(by), abstentions, floor);
  }

  LeaderRecord abstaining(String id, Abstention abstention) {
    NavigableMap<String, Abstention> more = new TreeMap<>(abstentions);
    Abstention before = abstentions.get(id);
    more.put(id, before == null ? abstention : abstention.after(before));
    return new LeaderRecord(claim, more, floor);
  }

  @Override
  public Merged<LeaderRecord> merge(LeaderRecord other) {
    Optional<Claim> winner =
        other.claim.filter(
            theirs -> claim.isEmpty() || Claim.ORDER.compare(theirs, claim.get()) > 0);
    NavigableMap<String, Abstention> newer = new TreeMap<>();
    other.abstentions.forEach(
        (id, theirs) -> {
          Abstention ours = abstentions.get(id);
          if (ours == null || Abstention.ORDER.compare(theirs, ours) > 0) {
            newer.put(id, theirs);
          }
        });
    if (winner.isEmpty() && newer.isEmpty() && other.floor <= floor) {
      return new Merged<>(this, Optional.empty());
    }
    NavigableMap<String, Abstention> all = new TreeMap<>(abstentions);
    all.putAll(newer);
    long highest = Math.max(floor, other.floor);
    LeaderRecord merged = new LeaderRecord(winner.or(() -> claim), all, highest);
    return new Merged<>(merged, Optional.of(new LeaderRecord(winner, newer, highest)));
  }

  @Override
  public Optional<LeaderRecord> changeTo(LeaderRecord updated, Instant now) {
    return merge(updated).change();
  }

  @Override
  public Purged<LeaderRecord> withoutTombstones(Instant before, int limit) {
    NavigableMap<String, Abstention> kept = new TreeMap<>(abstentions);
    kept.values().removeIf(abstention -> abstention.until() < before.toEpochMilli());
    int expired = abstentions.size() - kept.size();
    int pushedOut = 0;
    while (kept.size() > MOST_ABSTENTIONS) {
      kept.entrySet().stream()
          .min(Map.Entry.comparingByValue(Abstention.ORDER))
          .ifPresent(oldest -> kept.remove(oldest.getKey()));
      pushedOut++;
    }
    return expired + pushedOut == 0
        ? new Purged<>(this, 0, 0)
        : new Purged<>(new LeaderRecord(claim, kept, floor), expired, pushedOut);
  }

  @Override
  public List<Piece<LeaderRecord>> pieces(int maxBytes) {
    return equals(EMPTY) ? List.of() : List.of(new Piece<>(this, 200 + 60 * abstentions.size()));
  }

  @Override
  public LeaderRecord only(List<String> ids) {
    return this;
  }

  @Override
  public List<String> content() {
    List<String> names = new ArrayList<>();
    abstentions.keySet().forEach(id -> names.add("abstention of " + id));
    claim.ifPresent(by -> names.add("claim"));
    return names;
  }

  @Override
  public int tombstones() {
    return 0;
  }

  @Override
  public Beaten<LeaderRecord> beat(List<Heartbeat> beats) {
    return new Beaten<>(new Merged<>(this, Optional.empty()), List.of());
  }
}
