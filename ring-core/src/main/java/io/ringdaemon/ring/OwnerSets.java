package io.ringdaemon.ring;

/**
 * The first three owners of every token's keys, worked out in advance: three ordinals of 16 bits in
 * a {@code long}, the token's own instance lowest, {@link #NOBODY} where there are fewer. No two of
 * a set are of one group ({@link Roster#group}).
 *
 * <p>A set follows from its token's instance and the next token's set, so all of them come from one
 * pass backward (reference/lookup-structures.md), and a change of some tokens concerns only the few
 * before them.
 */
final class OwnerSets {
  static final int NOBODY = 0xFFFF;
  static final long EMPTY = 0xFFFF_FFFF_FFFFL;

  private static final long LOW = 0xFFFFL;
  private static final long ABOVE_LOW = EMPTY & ~LOW;
  private static final long THIRD = LOW << 32;

  private OwnerSets() {}

  /**
   * Fills in all sets, of which only the lowest ordinals are there yet; the last element is a copy
   * of the first, so that whoever runs past the end need not turn.
   */
  static void fill(long[] sets, Roster roster) {
    int last = sets.length - 1;
    long set = first(sets, roster);
    sets[last] = set;
    long groups = groups(set, roster);
    for (int i = last - 1; i >= 0; i--) {
      long owner = sets[i] & LOW;
      long group = roster.group((int) owner);
      long keep = kept(groups, group);
      set = joined(set, owner, keep);
      groups = joined(groups, group, keep);
      sets[i] = set;
    }
  }

  /** Which members of a set stay where they are when {@code group} is put before them. */
  private static long kept(long groups, long group) {
    // All ones where equal, without a branch: neighbours on a ring are of no predictable group.
    long first = (((groups & LOW) ^ group) - 1) >> 63;
    long second = ((((groups >>> 16) & LOW) ^ group) - 1) >> 63;
    return (first & ABOVE_LOW) | (second & THIRD);
  }

  private static long joined(long members, long member, long keep) {
    return member | (members & keep) | ((members << 16) & ~keep & ABOVE_LOW);
  }

  /** The set of the first token, gathered forward. */
  private static long first(long[] sets, Roster roster) {
    int[] found = {NOBODY, NOBODY, NOBODY};
    int count = 0;
    for (int i = 0; i < sets.length - 1 && count < 3; i++) {
      int owner = (int) (sets[i] & LOW);
      boolean held = false;
      for (int j = 0; j < count; j++) {
        held |= roster.group(found[j]) == roster.group(owner);
      }
      if (!held) {
        found[count++] = owner;
      }
    }
    return found[0] | (long) found[1] << 16 | (long) found[2] << 32;
  }

  private static long groups(long set, Roster roster) {
    long groups = 0;
    for (int shift = 0; shift < 48; shift += 16) {
      int owner = (int) (set >>> shift & LOW);
      groups |= (long) (owner == NOBODY ? NOBODY : roster.group(owner)) << shift;
    }
    return groups;
  }

  private static long before(long next, long set, Roster roster) {
    long owner = set & LOW;
    return joined(next, owner, kept(groups(next, roster), roster.group((int) owner)));
  }

  /**
   * Puts right the sets that became wrong because of tokens that came or went.
   *
   * @param places ascending: indexes of new tokens, whose sets hold but their own instance, and
   *     indexes to which the token after one that went has moved
   * @param added for each place whether a token came there
   */
  static void mend(long[] sets, int[] places, boolean[] added, Roster roster) {
    int last = sets.length - 1;
    long first = first(sets, roster);
    sets[last] = first;
    settle(sets, last - 1, roster);
    for (int i = places.length - 1; i >= 0; i--) {
      int place = places[i];
      if (added[i]) {
        sets[place] = before(sets[place + 1], sets[place], roster);
      }
      settle(sets, place - 1, roster);
    }
    sets[last] = sets[0];
  }

  /** Works backward from {@code index} until what is there is what should be. */
  private static void settle(long[] sets, int index, Roster roster) {
    for (int i = index; i >= 0; i--) {
      long set = before(sets[i + 1], sets[i], roster);
      if (set == sets[i]) {
        return;
      }
      sets[i] = set;
    }
  }

  /** How many members a set has. */
  static int count(long set) {
    int count = 0;
    for (int shift = 0; shift < 48; shift += 16) {
      count += (set >>> shift & LOW) == NOBODY ? 0 : 1;
    }
    return count;
  }
}
