package io.ringdaemon.ring;

import java.util.Arrays;

/**
 * Where a lookup puts its answer: made once by a caller and used for many keys, so that a lookup
 * allocates nothing. Holds the last answer only. Instances are named by their place in {@link
 * Ring#instances()} of the view that was asked.
 *
 * <p><b>Threading:</b> confined to one thread at a time. <b>Bounds:</b> grows to the longest
 * answer.
 */
public final class Owners {
  private int[] found = new int[8];
  private int[] fit = new int[8];
  private long[] seen = new long[0]; // a bit each ordinal; all clear between lookups
  private int[] inZone = new int[0]; // all zero between lookups
  private int foundCount;
  private int passedOver;
  private int fitCount;
  private int needed;

  /** How many instances can serve the key. */
  public int count() {
    return fitCount;
  }

  /** The one at {@code index} of them, in ring order. */
  public int ordinal(int index) {
    return fit[index];
  }

  /** How many of them must answer. */
  public int needed() {
    return needed;
  }

  /** Whether enough can serve. */
  public boolean quorum() {
    return fitCount >= needed;
  }

  /** How many of them may fail; negative if there is no quorum. */
  public int maxErrors() {
    return fitCount - needed;
  }

  /** For a walk in a ring of that size. */
  void begin(int instances, int zones) {
    if (seen.length << 6 < instances) {
      seen = new long[(instances + 63) >> 6];
    }
    if (inZone.length < zones) {
      inZone = new int[zones];
    }
    reset();
  }

  private void reset() {
    foundCount = 0;
    fitCount = 0;
    passedOver = 0;
  }

  boolean has(int ordinal) {
    return (seen[ordinal >> 6] >>> ordinal & 1) != 0;
  }

  void find(int ordinal) {
    seen[ordinal >> 6] |= 1L << ordinal;
    if (foundCount == found.length) {
      found = Arrays.copyOf(found, foundCount * 2);
    }
    found[foundCount++] = ordinal;
  }

  int foundIn(int zone) {
    return inZone[zone];
  }

  void fill(int zone) {
    inZone[zone]++;
  }

  int foundCount() {
    return foundCount;
  }

  int found(int index) {
    return found[index];
  }

  /** Counts instances that belong to the replica set but can't serve, without naming them. */
  void passOver(int instances) {
    passedOver += instances;
  }

  /** Ends a walk: keeps those that can serve. */
  void settle(Operation operation, Standing standing, int replicas, ReplicationStrategy strategy) {
    if (fit.length < foundCount) {
      fit = new int[found.length];
    }
    for (int i = 0; i < foundCount; i++) {
      int ordinal = found[i];
      seen[ordinal >> 6] = 0;
      if ((operation.serving >>> standing.at(ordinal) & 1) != 0) {
        fit[fitCount++] = ordinal;
      }
    }
    Arrays.fill(inZone, 0);
    needed = strategy.needed(replicas, foundCount + passedOver);
  }

  /** The answer is this one, all of which can serve. */
  void take(long packed) {
    reset();
    fitCount = PackedOwners.count(packed);
    needed = fitCount - PackedOwners.maxErrors(packed);
    for (int i = 0; i < fitCount; i++) {
      fit[i] = PackedOwners.ordinal(packed, i);
    }
  }
}
