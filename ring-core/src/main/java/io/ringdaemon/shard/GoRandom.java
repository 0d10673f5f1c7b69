package io.ringdaemon.shard;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of Go's {@code math/rand} source for a seed, bit by bit: shards must come out as in
 * programs written in Go (reference/ring-semantics.md 14.2).
 *
 * <p>An additive lagged Fibonacci generator over 607 words. Seeding them all costs microseconds,
 * but draw {@code j} of the first 273 only adds words {@code 333 - j} and {@code 606 - j} as
 * seeded, and each seeded word is a power of the Lehmer generator away from the seed: so those
 * draws make the two words they need and nothing else (reference/lookup-structures.md, end).
 *
 * <p>Word {@code i} is mixed with a constant. The 607 constants are data made by {@code
 * GoRandomConstants} among our tests; one of those derives them again and compares.
 *
 * <p><b>Threading:</b> confined to its maker. <b>Bounds:</b> 5 KB from the 274th draw on.
 */
public final class GoRandom {
  static final int WORDS = 607;

  private static final int LAG = 273;
  private static final int FEED = WORDS - LAG;
  private static final int LEHMER_MODULUS = Integer.MAX_VALUE;
  private static final int LEHMER_FACTOR = 48271;
  private static final int LEHMER_START_FOR_ZERO = 89482311;
  private static final int LEHMER_UNUSED_STEPS = 20;

  /** Where the seed has got to when word {@code i} takes the first of its three numbers. */
  private static final int[] POWERS = powers();

  private final int start;
  private int drawn; // modulo 607 once there are words
  private long @Nullable [] words;

  public GoRandom(long seed) {
    this.start = lehmerStart(seed);
  }

  /** Go's {@code Uint64}. */
  public long nextUint64() {
    if (words == null) {
      if (drawn < LAG) {
        int draw = drawn++;
        return word(start, FEED - 1 - draw) + word(start, WORDS - 1 - draw);
      }
      words = afterFirstDraws();
    }
    int draw = drawn;
    drawn = draw == WORDS - 1 ? 0 : draw + 1;
    int feed = draw < FEED ? FEED - 1 - draw : FEED - 1 - draw + WORDS;
    words[feed] += words[WORDS - 1 - draw];
    return words[feed];
  }

  /** Go's {@code Uint32}, as a raw 32-bit pattern. */
  public int nextUint32() {
    return (int) (nextUint64() << 1 >>> 32);
  }

  private long[] afterFirstDraws() {
    long[] state = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      state[i] = word(start, i);
    }
    for (int draw = 0; draw < LAG; draw++) {
      state[FEED - 1 - draw] += state[WORDS - 1 - draw];
    }
    return state;
  }

  /** The Lehmer generator's first state for a seed. */
  static int lehmerStart(long seed) {
    int reduced = (int) Math.floorMod(seed, (long) LEHMER_MODULUS);
    return reduced == 0 ? LEHMER_START_FOR_ZERO : reduced;
  }

  private static long word(int start, int index) {
    long first = times(POWERS[index], start);
    long second = times(LEHMER_FACTOR, first);
    long third = times(LEHMER_FACTOR, second);
    return (first << 40) ^ (second << 20) ^ third ^ Constants.WORDS_MIXED_IN[index];
  }

  /** The product modulo 2^31 - 1, of two numbers below that. */
  static long times(long a, long b) {
    long product = a * b;
    long folded = (product & LEHMER_MODULUS) + (product >>> 31);
    return folded >= LEHMER_MODULUS ? folded - LEHMER_MODULUS : folded;
  }

  private static int[] powers() {
    long power = 1;
    for (int step = 0; step <= LEHMER_UNUSED_STEPS; step++) {
      power = times(power, LEHMER_FACTOR);
    }
    long three = times(times(LEHMER_FACTOR, LEHMER_FACTOR), LEHMER_FACTOR);
    int[] powers = new int[WORDS];
    for (int i = 0; i < WORDS; i++) {
      powers[i] = (int) power;
      power = times(power, three);
    }
    return powers;
  }

  /** Read when the first number is drawn. */
  private static final class Constants {
    static final String RESOURCE = "go-random-constants.bin";
    static final long[] WORDS_MIXED_IN = read();

    private static long[] read() {
      try (InputStream resource = GoRandom.class.getResourceAsStream(RESOURCE)) {
        if (resource == null) {
          throw new IllegalStateException("the jar of ring-core lacks " + RESOURCE);
        }
        DataInputStream in = new DataInputStream(resource);
        long[] constants = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
          constants[i] = in.readLong();
        }
        return constants;
      } catch (IOException e) {
        throw new UncheckedIOException("can't read " + RESOURCE, e);
      }
    }
  }
}
