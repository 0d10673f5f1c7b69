package io.ringdaemon.shard;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Picks the few instances of a ring that serve one tenant, the same on every node and in every
 * program that does it as dskit does (reference/ring-semantics.md 5.7).
 *
 * <p>A generator seeded with the tenant's identifier (and the zone) draws points on the circle;
 * from each one goes clockwise to the first instance that isn't in the shard yet. Where zones
 * count, each gives {@code ceil(size / zones)} instances, and instances of other zones are passed
 * over: that is the same as a walk over the tokens of the zone alone, and needs no index of its
 * own.
 *
 * <p><b>Read-only</b> instances get no new keys: a shard without lookback leaves them out. With
 * {@link Lookback} one is left out only if it has been read-only since before the window; who is in
 * the shard but came, or changed that flag, within the window doesn't count, and the walk goes on:
 * so whoever would have been picked at some moment of the window is there. Such a shard may be
 * unbalanced across zones; it is for reads.
 *
 * <p><b>Promises</b> that one instance more or less, or a size greater by one, changes at most one
 * member (of each zone). <b>Threading:</b> immutable; any thread. <b>Bounds:</b> 30 bytes an
 * instance.
 */
public final class ShuffleShard {
  /** The window of a shard without lookback: nothing happened in it. */
  private static final long NO_LOOKBACK = Long.MAX_VALUE;

  private final Ring ring;
  private final List<String> zones;
  private final int[] zoneOf;
  private final int[] inZone;
  private final long[] registered;
  private final boolean[] readOnly;
  private final long[] readOnlyUpdated;
  private final boolean anyReadOnly;

  /** The oldest entry into the ring; 0 if that of any instance is unknown, or there is none. */
  private final long oldestRegistered;

  private ShuffleShard(Ring ring) {
    this.ring = ring;
    List<Instance> instances = ring.instances();
    int count = instances.size();
    zones = ring.options().zoneAware() ? ring.zones() : List.of("");
    zoneOf = new int[count];
    inZone = new int[zones.size()];
    registered = new long[count];
    readOnly = new boolean[count];
    readOnlyUpdated = new long[count];
    for (int i = 0; i < count; i++) {
      InstanceDesc desc = instances.get(i).desc();
      zoneOf[i] = ring.options().zoneAware() ? zones.indexOf(desc.zone()) : 0;
      inZone[zoneOf[i]]++;
      registered[i] = desc.registered();
      readOnly[i] = desc.readOnly().on();
      readOnlyUpdated[i] = desc.readOnly().updated();
    }
    boolean some = false;
    for (boolean one : readOnly) {
      some |= one;
    }
    anyReadOnly = some;
    oldestRegistered = Arrays.stream(registered).min().orElse(0);
  }

  /** Shards of {@code ring}. */
  public static ShuffleShard of(Ring ring) {
    return new ShuffleShard(ring);
  }

  /**
   * The shard of {@code identifier}: a subring; for a size of 0 or less all that aren't read-only,
   * the ring itself if none is.
   */
  public Ring pick(String identifier, int size) {
    return subring(members(identifier, size));
  }

  /** Whoever was in {@link #pick} at some moment of the window; the ring itself if all were. */
  public Ring pick(String identifier, int size, Lookback lookback) {
    return subring(members(identifier, size, lookback.since()));
  }

  private Ring subring(Optional<int[]> members) {
    return members.map(ring::subring).orElse(ring);
  }

  /** Ordinals of the shard's instances; empty if it is the ring itself. */
  Optional<int[]> members(String identifier, int size) {
    return size <= 0 && !anyReadOnly
        ? Optional.empty()
        : Optional.of(choose(identifier, size, NO_LOOKBACK));
  }

  /** Ordinals of the shard's instances since that second; empty if it is the ring itself. */
  Optional<int[]> members(String identifier, int size, long since) {
    if (oldestRegistered > 0 && oldestRegistered >= since) {
      return Optional.empty();
    }
    return size <= 0 && noneReadOnlyBefore(since)
        ? Optional.empty()
        : Optional.of(choose(identifier, size, since));
  }

  /**
   * Until which start of its window a shard stays what it is: the earliest change of a member at or
   * after {@code since}.
   */
  long validUntil(int[] members, long since) {
    long until = Long.MAX_VALUE;
    for (int member : members) {
      if (registered[member] >= since) {
        until = Math.min(until, registered[member]);
      }
      if (readOnlyUpdated[member] >= since) {
        until = Math.min(until, readOnlyUpdated[member]);
      }
    }
    return until;
  }

  /** Whether any shard of one view has the same members and tokens in the other. */
  static boolean sameTopology(Ring one, Ring another) {
    List<Instance> ours = one.instances();
    List<Instance> theirs = another.instances();
    if (ours.size() != theirs.size() || !one.options().equals(another.options())) {
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      if (!sameForShards(ours.get(i), theirs.get(i))) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // an entry unchanged is mostly the same object
  private static boolean sameForShards(Instance one, Instance another) {
    InstanceDesc a = one.desc();
    InstanceDesc b = another.desc();
    return a == b
        ? one.owned().equals(another.owned())
        : a.id().equals(b.id())
            && a.zone().equals(b.zone())
            && a.registered() == b.registered()
            && a.readOnly().equals(b.readOnly())
            && one.owned().equals(another.owned());
  }

  private boolean noneReadOnlyBefore(long since) {
    for (int i = 0; i < readOnly.length; i++) {
      if (!eligible(i, since)) {
        return false;
      }
    }
    return true;
  }

  private boolean eligible(int ordinal, long since) {
    return !readOnly[ordinal]
        || (since != NO_LOOKBACK
            && (readOnlyUpdated[ordinal] <= 0 || readOnlyUpdated[ordinal] >= since));
  }

  /** Whether it is in the shard beside those that count. */
  private boolean extending(int ordinal, long since) {
    return since != NO_LOOKBACK
        && (registered[ordinal] >= since || readOnly[ordinal] || readOnlyUpdated[ordinal] >= since);
  }

  private int[] choose(String identifier, int size, long since) {
    boolean[] chosen = new boolean[zoneOf.length];
    for (int zone = 0; zone < zones.size(); zone++) {
      int wanted = size / zones.size() + (size % zones.size() > 0 ? 1 : 0);
      // Only a whole zone is taken with those that hold no tokens; a walk never meets them.
      if (size <= 0 || (ring.options().zoneAware() && wanted >= inZone[zone])) {
        addAll(chosen, zone, since);
      } else if (ring.tokenCount() > 0) {
        add(chosen, zone, wanted, new GoRandom(ShardSeed.of(identifier, zones.get(zone))), since);
      }
    }
    return ordinals(chosen);
  }

  private void addAll(boolean[] chosen, int zone, long since) {
    for (int i = 0; i < zoneOf.length; i++) {
      chosen[i] |= zoneOf[i] == zone && eligible(i, since);
    }
  }

  private void add(boolean[] chosen, int zone, int wanted, GoRandom random, long since) {
    boolean found = true;
    for (int i = 0; i < wanted && found; i++) {
      found = addFrom(ring.successor(random.nextUint32()), chosen, zone, since);
    }
  }

  /** Clockwise until one that counts is added; false after a turn that finds none. */
  private boolean addFrom(int start, boolean[] chosen, int zone, long since) {
    int tokens = ring.tokenCount();
    int at = start;
    for (int step = 0; step < tokens; step++) {
      int ordinal = ring.ownerOf(at);
      if (zoneOf[ordinal] == zone && !chosen[ordinal] && eligible(ordinal, since)) {
        chosen[ordinal] = true;
        if (!extending(ordinal, since)) {
          return true;
        }
      }
      at = at + 1 == tokens ? 0 : at + 1;
    }
    return false;
  }

  private static int[] ordinals(boolean[] chosen) {
    int[] ordinals = new int[chosen.length];
    int count = 0;
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        ordinals[count++] = i;
      }
    }
    return Arrays.copyOf(ordinals, count);
  }
}
