package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.SortedTokens;
import io.ringdaemon.token.Tokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a ring and what they own, sorted for lookups: shared by all views between two changes
 * of it. That of a subring is worked out when first asked for, since most subrings are only asked
 * who is in them.
 *
 * <p><b>Threading:</b> immutable to its users, any thread; two that come at once may both sort, to
 * the same result.
 */
final class Topology {
  private record Sorted(Roster roster, TokenIndex index) {}

  private final RingOptions options;
  private volatile @Nullable List<Instance> unsorted;
  private volatile @Nullable Sorted sorted;

  private Topology(
      RingOptions options, @Nullable List<Instance> unsorted, @Nullable Sorted sorted) {
    this.options = options;
    this.unsorted = unsorted;
    this.sorted = sorted;
  }

  static Topology of(RingOptions options, Roster roster, TokenIndex index) {
    return new Topology(options, null, new Sorted(roster, index));
  }

  /** That of {@code instances}, sorted when first asked for. */
  static Topology later(RingOptions options, List<Instance> instances) {
    return new Topology(options, instances, null);
  }

  static SortedTokens sort(List<Instance> instances) {
    Tokens[] owned = new Tokens[instances.size()];
    boolean[] yields = new boolean[owned.length];
    for (int i = 0; i < owned.length; i++) {
      owned[i] = instances.get(i).owned();
      yields[i] = instances.get(i).state() == InstanceState.LEAVING;
    }
    return SortedTokens.of(owned, yields);
  }

  Roster roster() {
    return get().roster;
  }

  TokenIndex index() {
    return get().index;
  }

  private Sorted get() {
    Sorted known = sorted;
    if (known != null) {
      return known;
    }
    List<Instance> source = unsorted;
    if (source == null) { // another thread was quicker
      return get();
    }
    Roster roster = Roster.of(source, options.zoneAware());
    Sorted made =
        new Sorted(roster, TokenIndex.of(sort(source), roster, options.replicationFactor() <= 3));
    sorted = made;
    unsorted = null; // need not keep an old view's instances alive
    return made;
  }
}
