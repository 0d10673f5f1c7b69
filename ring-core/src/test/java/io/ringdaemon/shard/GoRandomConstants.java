package io.ringdaemon.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Derives the constants of {@link GoRandom} (reference/ring-semantics.md 14.2): they are the state
 * of the same generator, seeded by 1 without constants, after 7.8 billion times a thousand draws.
 *
 * <p>The recurrence is y[n] = y[n-607] + y[n-273] modulo 2^64, so y[n+N] is a combination of 607
 * neighbours whose coefficients are those of X^N modulo X^607 - X^334 - 1: 43 squarings.
 *
 * <p>Writes the data file: {@code java -cp ring-core/target/classes:ring-core/target/test-classes
 * io.ringdaemon.shard.GoRandomConstants
 * ring-core/src/main/resources/io/ringdaemon/shard/go-random-constants.bin}
 */
final class GoRandomConstants {
  private static final long DRAWS = 7_800_000_000_000L;
  private static final int WORDS = GoRandom.WORDS;
  private static final int FEED = 334;

  private GoRandomConstants() {}

  public static void main(String... args) throws IOException {
    Files.write(Path.of(args[0]), bytes(derive()));
  }

  /** The words as the data file holds them, big-endian. */
  static byte[] bytes(long[] words) {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * words.length);
    buffer.asLongBuffer().put(words);
    return buffer.array();
  }

  static long[] derive() {
    long[] seeded = seeded();
    long[] sequence = new long[2 * WORDS]; // sequence[k] is y[k - 606]
    for (int k = 0; k < sequence.length; k++) {
      sequence[k] =
          k < WORDS ? seeded[slot(k - WORDS + 1)] : sequence[k - WORDS] + sequence[k - 273];
    }
    long[] jump = powerOfX(DRAWS);
    long[] constants = new long[WORDS];
    for (int j = 0; j < WORDS; j++) {
      long word = 0;
      for (int k = 0; k < WORDS; k++) {
        word += jump[k] * sequence[j + k];
      }
      constants[slot(DRAWS + j - WORDS + 1)] = word;
    }
    return constants;
  }

  /** Where the generator keeps y[n]. */
  private static int slot(long n) {
    return (int) Math.floorMod(FEED - n, (long) WORDS);
  }

  private static long[] seeded() {
    return lehmer(1, 20, 10);
  }

  /** All words of the generator after seeding, the slow way. */
  static long[] seeded(int start, long[] constants) {
    long[] words = lehmer(start, 40, 20);
    for (int i = 0; i < WORDS; i++) {
      words[i] ^= constants[i];
    }
    return words;
  }

  /** Draw {@code n} of the whole generator, the slow way; draws must be asked for in order. */
  static long draw(long[] words, long n) {
    int feed = (int) Math.floorMod(FEED - 1 - n, (long) WORDS);
    words[feed] += words[(int) Math.floorMod(-1 - n, (long) WORDS)];
    return words[feed];
  }

  private static long[] lehmer(int start, int firstShift, int secondShift) {
    long x = start;
    for (int step = 0; step < 20; step++) {
      x = GoRandom.times(48271, x);
    }
    long[] words = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      long first = GoRandom.times(48271, x);
      long second = GoRandom.times(48271, first);
      x = GoRandom.times(48271, second);
      words[i] = (first << firstShift) ^ (second << secondShift) ^ x;
    }
    return words;
  }

  private static long[] powerOfX(long exponent) {
    long[] power = new long[WORDS];
    power[0] = 1;
    for (int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(exponent); bit >= 0; bit--) {
      power = reduced(square(power));
      if ((exponent >> bit & 1) == 1) {
        long[] timesX = new long[2 * WORDS];
        System.arraycopy(power, 0, timesX, 1, WORDS);
        power = reduced(timesX);
      }
    }
    return power;
  }

  private static long[] square(long[] polynomial) {
    long[] square = new long[2 * WORDS];
    for (int i = 0; i < WORDS; i++) {
      for (int j = 0; j < WORDS; j++) {
        square[i + j] += polynomial[i] * polynomial[j];
      }
    }
    return square;
  }

  /** X^607 = X^334 + 1. */
  private static long[] reduced(long[] polynomial) {
    for (int degree = polynomial.length - 1; degree >= WORDS; degree--) {
      polynomial[degree - WORDS + FEED] += polynomial[degree];
      polynomial[degree - WORDS] += polynomial[degree];
    }
    long[] remainder = new long[WORDS];
    System.arraycopy(polynomial, 0, remainder, 0, WORDS);
    return remainder;
  }
}
