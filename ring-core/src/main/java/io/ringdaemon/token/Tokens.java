package io.ringdaemon.token;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A set of points on the circle of 2^32, in unsigned order. Immutable. Inside, each token is stored
 * with its sign bit flipped, so that the signed order of {@code int} is the unsigned order of
 * tokens.
 */
public final class Tokens {
  public static final Tokens NONE = new Tokens(new int[0]);

  private final int[] flipped;

  private Tokens(int[] flipped) {
    this.flipped = flipped;
  }

  /** The given tokens, in any order, doubles dropped. Each is 0..2^32-1. */
  public static Tokens of(long... tokens) {
    return ofInts(
        Arrays.stream(tokens)
            .mapToInt(
                token -> {
                  if (token < 0 || token > 0xFFFF_FFFFL) {
                    throw new IllegalArgumentException("a token is 0..2^32-1, not " + token);
                  }
                  return (int) token;
                }));
  }

  /** The given tokens as raw 32-bit patterns, in any order, doubles dropped. */
  public static Tokens ofInts(IntStream tokens) {
    int[] flipped = tokens.map(token -> token ^ Integer.MIN_VALUE).toArray();
    if (!ascending(flipped)) {
      Arrays.sort(flipped);
      flipped = withoutDoubles(flipped);
    }
    return flipped.length == 0 ? NONE : new Tokens(flipped);
  }

  private static boolean ascending(int[] tokens) {
    for (int i = 1; i < tokens.length; i++) {
      if (tokens[i - 1] >= tokens[i]) {
        return false;
      }
    }
    return true;
  }

  private static int[] withoutDoubles(int[] sorted) {
    int kept = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[kept++] = sorted[i];
      }
    }
    return kept == sorted.length ? sorted : Arrays.copyOf(sorted, kept);
  }

  /** The given tokens as raw 32-bit patterns, in any order, doubles dropped. */
  public static Tokens ofInts(Collection<Integer> tokens) {
    return ofInts(tokens.stream().mapToInt(Integer::intValue));
  }

  public int size() {
    return flipped.length;
  }

  public boolean isEmpty() {
    return flipped.length == 0;
  }

  /** The token at {@code index} in unsigned order, 0..2^32-1. */
  public long at(int index) {
    return (flipped[index] ^ Integer.MIN_VALUE) & 0xFFFF_FFFFL;
  }

  /** Raw 32-bit patterns in unsigned order. */
  public IntStream ints() {
    return Arrays.stream(flipped).map(token -> token ^ Integer.MIN_VALUE);
  }

  /** Tokens as numbers 0..2^32-1, ascending. */
  public LongStream longs() {
    return ints().mapToLong(Integer::toUnsignedLong);
  }

  /** Whether {@code token}, a raw 32-bit pattern, is one of these. */
  public boolean contains(int token) {
    return Arrays.binarySearch(flipped, token ^ Integer.MIN_VALUE) >= 0;
  }

  /** Those for which {@code keep}, given the raw 32-bit pattern, holds; this itself if all do. */
  public Tokens filter(IntPredicate keep) {
    int[] kept =
        Arrays.stream(flipped).filter(token -> keep.test(token ^ Integer.MIN_VALUE)).toArray();
    return kept.length == flipped.length ? this : kept.length == 0 ? NONE : new Tokens(kept);
  }

  public Tokens plus(Tokens others) {
    return ofInts(IntStream.concat(ints(), others.ints()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokens tokens && Arrays.equals(flipped, tokens.flipped);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(flipped);
  }

  @Override
  public String toString() {
    return Arrays.toString(longs().toArray());
  }
}
