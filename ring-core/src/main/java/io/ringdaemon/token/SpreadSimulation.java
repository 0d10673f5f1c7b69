package io.ringdaemon.token;

/**
 * Places instances 0, 1, 2, ... of a zone one after the other (reference/ring-semantics.md 4.2):
 * each takes from whoever owns most, by splitting that one's largest range, until it owns a fair
 * share.
 *
 * <p>A token is kept with what it owns, {@code owned * 2^32 + token}, so that the order of the
 * numbers is that of the queue: more owned first, then the greater token. The token before it needs
 * no place: it is {@code token - owned}. Likewise instances: {@code owned * 2^24 + ordinal}.
 */
final class SpreadSimulation {
  private static final int TOKENS = SpreadMinimizingTokens.TOKENS;
  private static final long CIRCLE = 1L << 32;
  private static final int STEP = SpreadMinimizingTokens.MAX_ZONES;
  private static final int TOKEN_BITS = 32;
  private static final int ORDINAL_BITS = 24;

  private final int zone;
  private final MaxHeap[] tokens; // by ordinal
  private final MaxHeap instances;

  /** Owners of too small ranges for the instance being placed. */
  private final MaxHeap ignored;

  private int placed;

  /** Room for instances 0 to {@code count - 1}; none is placed yet. */
  SpreadSimulation(int count, int zone) {
    this.zone = zone;
    this.tokens = new MaxHeap[count];
    this.instances = new MaxHeap(count);
    this.ignored = new MaxHeap(count);
  }

  /** Tokens of the instance, in the order in which they are made. */
  static long[] tokensOf(int ordinal, int zone) {
    SpreadSimulation simulation = new SpreadSimulation(ordinal + 1, zone);
    for (int lower = 0; lower < ordinal; lower++) {
      simulation.next();
    }
    return simulation.next();
  }

  /** Places the next instance. Its tokens, in the order in which they are made. */
  long[] next() {
    return placed == 0 ? placeFirst() : place(placed);
  }

  private long[] placeFirst() {
    long distance = CIRCLE / TOKENS;
    long[] made = new long[TOKENS];
    tokens[0] = new MaxHeap(TOKENS);
    for (int k = 0; k < TOKENS; k++) {
      made[k] = k * distance + zone;
      tokens[0].push(owning(distance, made[k]));
    }
    instances.push(CIRCLE << ORDINAL_BITS);
    placed = 1;
    return made;
  }

  private long[] place(int ordinal) {
    double target = (double) CIRCLE / (ordinal + 1);
    long[] made = new long[TOKENS];
    MaxHeap own = new MaxHeap(TOKENS);
    long owned = 0;
    int count = 0;
    while (count < TOKENS) {
      long wanted = (long) (target - owned) / (TOKENS - count) / STEP * STEP;
      int donor = donor(ordinal, wanted);
      long largest = tokens[donor].peek();
      long range = largest >>> TOKEN_BITS;
      if (range <= wanted) {
        ignored.push(instances.pop());
        continue;
      }
      long token = largest & (CIRCLE - 1);
      long before = (token - range) & (CIRCLE - 1);
      long split = split(before, token, wanted);
      long left = distance(split, token);
      long taken = range - left;
      made[count++] = split;
      own.push(owning(taken, split));
      owned += taken;
      tokens[donor].replaceTop(owning(left, token));
      instances.replaceTop(instances.peek() - (taken << ORDINAL_BITS));
    }
    while (!ignored.isEmpty()) {
      instances.push(ignored.pop());
    }
    tokens[ordinal] = own;
    instances.push((owned << ORDINAL_BITS) | ordinal);
    placed++;
    return made;
  }

  private int donor(int ordinal, long wanted) {
    if (instances.isEmpty() || instances.peek() >>> ORDINAL_BITS <= wanted) {
      throw new IllegalStateException(
          "no instance below %d owns more than %d of the circle".formatted(ordinal, wanted));
    }
    return (int) (instances.peek() & ((1 << ORDINAL_BITS) - 1));
  }

  /**
   * The token {@code wanted} behind {@code before}, which splits the range up to {@code token}.
   * Passing zero costs a step: part of dskit's rule, and thereby of ours.
   */
  static long split(long before, long token, long wanted) {
    if (wanted < STEP || wanted % STEP != 0) {
      throw new IllegalStateException("a range of %d can't be split off".formatted(wanted));
    }
    if (before % STEP != token % STEP || distance(before, token) <= wanted) {
      throw new IllegalStateException(
          "tokens %d and %d leave no room for one %d behind".formatted(before, token, wanted));
    }
    long room = (CIRCLE - STEP - before) & (CIRCLE - 1);
    return room < wanted ? wanted - room : (before + wanted) & (CIRCLE - 1);
  }

  private static long distance(long from, long to) {
    return to > from ? to - from : to - from + CIRCLE;
  }

  private static long owning(long range, long token) {
    return (range << TOKEN_BITS) | token;
  }
}
