package io.ringdaemon.ring;

import io.ringdaemon.ring.OwnerWalk.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Whom a key belongs to: from {@link OwnerSets} where they hold, by {@link OwnerWalk} where not.
 *
 * <p>A set holds if none of its members extends it: until the last of them, the walk passes none
 * but members and instances of their zones, and these it leaves out.
 *
 * <p><b>Threading:</b> immutable but for what is remembered of operations; any thread. Shared by
 * the views that differ only in heartbeats.
 */
final class KeyOwners {
  private final RingOptions options;
  private final TokenIndex index;
  private final Standing standing;
  private final OwnerWalk walk;
  private final long @Nullable [] sets; // null: no set holds
  private final int present;
  private final int members;
  private final int needed;
  private final long mask;
  private final long head;
  private volatile @Nullable AtomicReferenceArray<Limits> limits;

  KeyOwners(RingOptions options, Roster roster, TokenIndex index, Standing standing) {
    this.options = options;
    this.index = index;
    this.standing = standing;
    this.present = standing.present;
    this.walk = new OwnerWalk(options, roster, index, standing);
    long[] all = index.sets();
    this.members = all == null ? 0 : Math.min(OwnerSets.count(all[0]), options.replicationFactor());
    this.needed = options.strategy().needed(options.replicationFactor(), members);
    this.sets = members < needed ? null : all;
    this.mask = (1L << (members << 4)) - 1;
    this.head = sets == null ? 0 : PackedOwners.head(members, members - needed);
  }

  long packed(int key, Operation operation) {
    long[] all = sets;
    if (all == null) {
      checkNotEmpty();
      return PackedOwners.NONE;
    }
    long set = all[index.above(key)];
    return (present & operation.hindering) == 0
        ? (set & mask) | head
        : members == 3
            ? fit(set, operation.serving, operation.growing)
            : picked(set, operation.serving, operation.growing);
  }

  /** What is left of a set without those that can't serve. */
  private long fit(long set, int serving, int growing) {
    int first = standing.at((int) set & OwnerSets.NOBODY);
    int second = standing.at((int) (set >>> 16) & OwnerSets.NOBODY);
    int third = standing.at((int) (set >>> 32) & OwnerSets.NOBODY);
    int easy = serving & ~growing;
    return (easy >>> first & easy >>> second & easy >>> third & 1) != 0
        ? (set & mask) | head
        : picked(set, serving, growing);
  }

  private long picked(long set, int serving, int growing) {
    long answer = 0;
    int count = 0;
    for (int shift = 0; shift < members << 4; shift += 16) {
      long ordinal = set >>> shift & OwnerSets.NOBODY;
      int kind = standing.at((int) ordinal);
      if ((growing >>> kind & 1) != 0) {
        return PackedOwners.NONE;
      }
      int serves = serving >>> kind & 1;
      answer |= (ordinal & -serves) << (count << 4);
      count += serves;
    }
    return count < needed ? PackedOwners.NONE : answer | PackedOwners.head(count, count - needed);
  }

  int find(int key, Operation operation, int replicas, Owners into, List<Instance> instances) {
    checkNotEmpty();
    long packed =
        replicas == options.replicationFactor() ? packed(key, operation) : PackedOwners.NONE;
    if (packed != PackedOwners.NONE) {
      into.take(packed);
    } else {
      walk(key, operation, replicas, false, into, instances);
    }
    return into.count();
  }

  ReplicationSet set(int key, Operation operation, int asked, List<Instance> instances) {
    int replicas = Math.max(asked, options.replicationFactor());
    if (replicas > options.replicationFactor() && !options.strategy().expands()) {
      throw new IllegalArgumentException(
          "%d replicas asked of ring %s: the strategy allows no more than the configured %d"
              .formatted(asked, options.name(), options.replicationFactor()));
    }
    Owners owners = new Owners();
    find(key, operation, replicas, owners, instances);
    if (!owners.quorum()) {
      walk(key, operation, replicas, true, owners, instances);
      throw new TooFewHealthyInstances(
          owners.needed(), owners.count(), unfit(owners, operation, instances));
    }
    List<Instance> fit = new ArrayList<>(owners.count());
    for (int i = 0; i < owners.count(); i++) {
      fit.add(instances.get(owners.ordinal(i)));
    }
    return new ReplicationSet(fit, owners.maxErrors());
  }

  private static List<String> unfit(Owners owners, Operation operation, List<Instance> instances) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < owners.foundCount(); i++) {
      Instance instance = instances.get(owners.found(i));
      if (!instance.serves(operation)) {
        ids.add(instance.id());
      }
    }
    return ids;
  }

  private void walk(
      int key,
      Operation operation,
      int replicas,
      boolean whole,
      Owners into,
      List<Instance> instances) {
    Limits limits = limits(operation, OwnerWalk.target(options, replicas), instances);
    walk.walk(key, replicas, limits, whole, into);
    into.settle(operation, standing, replicas, options.strategy());
  }

  /** Remembers those of each of our own operations and of the last foreign one. */
  private Limits limits(Operation operation, int target, List<Instance> instances) {
    AtomicReferenceArray<Limits> known = limits;
    if (known == null) {
      known = new AtomicReferenceArray<>(Operation.ALL.size() + 1);
      limits = known;
    }
    int place = operation.place;
    Limits limits = known.get(place);
    if (limits == null || !limits.operation.equals(operation) || limits.target != target) {
      limits = walk.limits(operation, target, instances);
      known.set(place, limits);
    }
    return limits;
  }

  private void checkNotEmpty() {
    if (index.size() == 0) {
      throw new EmptyRing(options.name());
    }
  }
}
