package io.ringdaemon.model;

import io.ringdaemon.token.Tokens;
import java.util.Arrays;
import java.util.BitSet;

/**
 * All tokens of a ring in unsigned order, each with the ordinal of the one instance that owns it
 * ({@link TokenConflicts} says which). Sorted by radix, so its cost does not depend on how the
 * tokens lie.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
public final class SortedTokens {
  private static final int DIGIT = 11;
  private static final int MASK = (1 << DIGIT) - 1;

  private final long[] pairs; // token, ordinal of its owner; in unsigned order
  private final int size;
  private final Tokens[] owned;
  private final BitSet contestants;

  private SortedTokens(long[] pairs, int size, Tokens[] owned, BitSet contestants) {
    this.pairs = pairs;
    this.size = size;
    this.owned = owned;
    this.contestants = contestants;
  }

  /**
   * The tokens that instances claim. Of several claimants the first owns a token; one that {@code
   * yields} counts after those that don't.
   */
  public static SortedTokens of(Tokens[] claims, boolean[] yields) {
    int count = 0;
    for (Tokens claim : claims) {
      count += claim.size();
    }
    long[] pairs = new long[count];
    int at = 0;
    for (int ordinal = 0; ordinal < claims.length; ordinal++) {
      Tokens claim = claims[ordinal];
      for (int i = 0; i < claim.size(); i++) {
        pairs[at++] = (claim.at(i) << 32) | ordinal;
      }
    }
    pairs = sorted(pairs);
    for (int i = 1; i < count; i++) {
      if (token(pairs[i]) == token(pairs[i - 1])) {
        return settled(pairs, claims, yields);
      }
    }
    return new SortedTokens(pairs, count, claims.clone(), new BitSet());
  }

  /** Three passes of a stable sort by digit; ordinals of one token stay in their order. */
  private static long[] sorted(long[] pairs) {
    long[] from = pairs;
    long[] to = new long[pairs.length];
    for (int shift = 32; shift < 64; shift += DIGIT) {
      int[] next = new int[MASK + 2];
      for (long pair : from) {
        next[((int) (pair >>> shift) & MASK) + 1]++;
      }
      for (int i = 1; i < next.length; i++) {
        next[i] += next[i - 1];
      }
      for (long pair : from) {
        to[next[(int) (pair >>> shift) & MASK]++] = pair;
      }
      long[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private static SortedTokens settled(long[] pairs, Tokens[] claims, boolean[] yields) {
    Tokens[] owned = claims.clone();
    BitSet contestants = new BitSet(claims.length);
    int kept = 0;
    for (int i = 0, end; i < pairs.length; i = end) {
      int winner = i;
      for (end = i + 1; end < pairs.length && token(pairs[end]) == token(pairs[i]); end++) {
        if (yields[(int) pairs[winner]] && !yields[(int) pairs[end]]) {
          winner = end;
        }
      }
      for (int j = i; j < end && end > i + 1; j++) {
        contestants.set((int) pairs[j]);
      }
      pairs[kept++] = pairs[winner];
    }
    SortedTokens settled = new SortedTokens(pairs, kept, owned, contestants);
    contestants.stream()
        .forEach(one -> owned[one] = claims[one].filter(token -> settled.ownerOf(token) == one));
    return settled;
  }

  private static int token(long pair) {
    return (int) (pair >>> 32);
  }

  /** Ordinal of the owner of {@code token}, which somebody claims. */
  private int ownerOf(int token) {
    long least = Integer.toUnsignedLong(token) << 32;
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(pairs[middle], least) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return (int) pairs[low];
  }

  public int size() {
    return size;
  }

  /** The token at {@code index}, as a raw 32-bit pattern. */
  public int token32(int index) {
    return token(pairs[index]);
  }

  /** Ordinal of its owner. */
  public int owner(int index) {
    return (int) pairs[index];
  }

  /** What the instance owns of what it claims: the claim itself, if nothing of it is lost. */
  public Tokens ownedBy(int ordinal) {
    return owned[ordinal];
  }

  /** Whether another claims one of the instance's tokens too. */
  public boolean contested(int ordinal) {
    return contestants.get(ordinal);
  }

  @Override
  public String toString() {
    return Arrays.toString(owned);
  }
}
