package io.ringdaemon.ring;

import java.util.Arrays;
import java.util.List;

/**
 * All owned tokens of a ring in unsigned order and the ordinal of each one's instance. Immutable;
 * shared by all views between two changes of tokens.
 */
final class TokenIndex {
  private final int[] flipped; // sign bit flipped: signed order is the unsigned one
  private final int[] ordinals;

  private TokenIndex(int[] flipped, int[] ordinals) {
    this.flipped = flipped;
    this.ordinals = ordinals;
  }

  static TokenIndex of(List<Instance> instances) {
    int size = instances.stream().mapToInt(instance -> instance.owned().size()).sum();
    long[] pairs = new long[size];
    int at = 0;
    for (int ordinal = 0; ordinal < instances.size(); ordinal++) {
      int owner = ordinal;
      long[] some =
          instances.get(ordinal).owned().ints().mapToLong(token -> pair(token, owner)).toArray();
      System.arraycopy(some, 0, pairs, at, some.length);
      at += some.length;
    }
    Arrays.sort(pairs);
    int[] flipped = new int[size];
    int[] ordinals = new int[size];
    for (int i = 0; i < size; i++) {
      flipped[i] = (int) (pairs[i] >> 32);
      ordinals[i] = (int) pairs[i];
    }
    return new TokenIndex(flipped, ordinals);
  }

  private static long pair(int token, int ordinal) {
    return ((long) (token ^ Integer.MIN_VALUE) << 32) | ordinal;
  }

  int size() {
    return flipped.length;
  }

  /** Ordinal of the instance that owns the token at {@code index}. */
  int ordinal(int index) {
    return ordinals[index];
  }

  /**
   * Index of the token that owns {@code key}: the first one strictly greater, wrapping past the
   * end.
   */
  int successor(int key) {
    int found = Arrays.binarySearch(flipped, key ^ Integer.MIN_VALUE);
    int next = found >= 0 ? found + 1 : -found - 1;
    return next == flipped.length ? 0 : next;
  }

  /** The token at {@code index}, 0..2^32-1. */
  long token(int index) {
    return (flipped[index] ^ Integer.MIN_VALUE) & 0xFFFF_FFFFL;
  }

  /**
   * How many of the 2^32 keys each instance owns, by ordinal; the whole circle if it has one token.
   */
  long[] owned(int instances) {
    long[] owned = new long[instances];
    for (int i = 0; i < flipped.length; i++) {
      long before = token(i == 0 ? flipped.length - 1 : i - 1);
      long distance = token(i) - before;
      owned[ordinals[i]] += distance > 0 ? distance : distance + (1L << 32);
    }
    return owned;
  }
}
