package io.ringdaemon.ring;

import java.util.List;

/**
 * The rule for whom a key belongs to, step by step (reference/ring-semantics.md 5.4): clockwise
 * from the key, at most one turn, each instance once; an instance in a state that extends the set
 * joins it without counting, so that another takes its place; with zones at most so many that count
 * from each.
 *
 * <p>Answers what sets worked out in advance don't: growing sets, more than three replicas. It ends
 * as soon as nobody who can serve is left to be found; where a whole zone is LEAVING, dskit goes on
 * to look at each of its instances.
 */
final class OwnerWalk {
  /** What the instances of a view allow an operation to find, worked out once a view. */
  static final class Limits {
    final Operation operation;
    final int target; // how many instances that count a zone may hold
    private final int counting; // how many a walk can find at most
    private final int[] growing; // with tokens, in states that extend, by zone; last: without zone

    private Limits(Operation operation, int target, int counting, int[] growing) {
      this.operation = operation;
      this.target = target;
      this.counting = counting;
      this.growing = growing;
    }
  }

  private final RingOptions options;
  private final Roster roster;
  private final TokenIndex index;
  private final Standing standing;

  OwnerWalk(RingOptions options, Roster roster, TokenIndex index, Standing standing) {
    this.options = options;
    this.roster = roster;
    this.index = index;
    this.standing = standing;
  }

  /** How many a zone may hold. */
  static int target(RingOptions options, int replicas) {
    return Math.max(1, replicas / options.replicationFactor());
  }

  Limits limits(Operation operation, int target, List<Instance> instances) {
    int zones = roster.zones().size();
    int[] counting = new int[zones + 1];
    int[] growing = new int[zones + 1];
    for (int i = 0; i < instances.size(); i++) {
      if (!instances.get(i).owned().isEmpty()) {
        int zone = zoned(i) ? roster.zoneOf(i) : zones;
        boolean grows = (operation.growing >>> standing.at(i) & 1) != 0;
        (grows ? growing : counting)[zone]++;
      }
    }
    int sum = counting[zones];
    for (int zone = 0; zone < zones; zone++) {
      sum += Math.min(target, counting[zone]);
    }
    return new Limits(operation, target, sum, growing);
  }

  private boolean zoned(int ordinal) {
    return options.zoneAware() && roster.zoneOf(ordinal) >= 0;
  }

  /**
   * @param whole also name those that can't serve but belong to the set, however many
   */
  void walk(int key, int replicas, Limits limits, boolean whole, Owners into) {
    Operation operation = limits.operation;
    into.begin(roster.size(), roster.zones().size());
    boolean shorten = !whole && (operation.growing & operation.serving) == 0;
    int enough = Math.min(replicas, limits.counting);
    boolean exhausted = enough < replicas; // all that count will be found before the set is full
    int counted = 0;
    int at = index.above(key);
    for (int step = 0; step < index.size(); step++, at++) {
      if (counted >= replicas || (exhausted && shorten && counted == enough)) {
        break;
      }
      at = at == index.size() ? 0 : at;
      int ordinal = index.ordinal(at);
      boolean zoned = zoned(ordinal);
      int zone = roster.zoneOf(ordinal);
      if ((zoned && into.foundIn(zone) >= limits.target) || into.has(ordinal)) {
        continue;
      }
      into.find(ordinal);
      if ((operation.growing >>> standing.at(ordinal) & 1) == 0) {
        counted++;
        if (zoned) {
          into.fill(zone);
        }
      }
    }
    if (exhausted && shorten) {
      into.passOver(rest(limits, into));
    }
  }

  /** Instances that only extend the set, in zones not full, that the walk has not come to. */
  private int rest(Limits limits, Owners into) {
    int zones = roster.zones().size();
    int rest = limits.growing[zones];
    for (int zone = 0; zone < zones; zone++) {
      rest += into.foundIn(zone) < limits.target ? limits.growing[zone] : 0;
    }
    for (int i = 0; i < into.foundCount(); i++) {
      int ordinal = into.found(i);
      boolean grows = (limits.operation.growing >>> standing.at(ordinal) & 1) != 0;
      boolean open = !zoned(ordinal) || into.foundIn(roster.zoneOf(ordinal)) < limits.target;
      rest -= grows && open ? 1 : 0;
    }
    return rest;
  }
}
