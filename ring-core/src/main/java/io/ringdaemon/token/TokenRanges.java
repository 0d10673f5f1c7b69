package io.ringdaemon.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;

/**
 * The keys that belong to one owner, as few inclusive ranges as there can be, ascending: adjacent
 * ones are joined, one across the end of the circle is cut in two (reference/ring-semantics.md
 * 5.6).
 *
 * <p><b>Differs</b> from dskit, which loses the range [0, 0] (W15 there).
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
public final class TokenRanges {
  private static final long LAST = 0xFFFF_FFFFL;

  /** Keys from {@code start} to {@code end}, both among them, 0..2^32-1. */
  public record Range(long start, long end) {}

  private final int[] flipped; // starts and ends in turn, sign bit flipped

  private TokenRanges(int[] flipped) {
    this.flipped = flipped;
  }

  /**
   * The keys whose next token above is owned.
   *
   * @param token the circle's tokens 0..2^32-1, ascending, by index below {@code size}
   * @param owned whether the token of that index is
   */
  public static TokenRanges of(int size, IntToLongFunction token, IntPredicate owned) {
    List<Range> ranges = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < size; i++) {
      long at = token.applyAsLong(i);
      if (owned.test(i)) {
        add(ranges, from, at - 1);
      }
      from = at;
    }
    if (size > 0 && owned.test(0)) {
      add(ranges, from, LAST);
    }
    return new TokenRanges(
        ranges.stream()
            .flatMapToLong(range -> LongStream.of(range.start, range.end))
            .mapToInt(end -> (int) end ^ Integer.MIN_VALUE)
            .toArray());
  }

  private static void add(List<Range> ranges, long start, long end) {
    if (start > end) {
      return;
    }
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).end + 1 == start) {
      ranges.set(last, new Range(ranges.get(last).start, end));
    } else {
      ranges.add(new Range(start, end));
    }
  }

  /** The ranges, ascending. */
  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>(flipped.length / 2);
    for (int i = 0; i < flipped.length; i += 2) {
      ranges.add(new Range(unsigned(flipped[i]), unsigned(flipped[i + 1])));
    }
    return ranges;
  }

  private static long unsigned(int flip) {
    return (flip ^ Integer.MIN_VALUE) & LAST;
  }

  /** Whether {@code key}, a raw 32-bit pattern, lies in one of them. */
  public boolean contains(int key) {
    int found = Arrays.binarySearch(flipped, key ^ Integer.MIN_VALUE);
    return found >= 0 || (-found - 1) % 2 == 1;
  }

  /** How many keys they hold, 0..2^32. */
  public long keys() {
    return ranges().stream().mapToLong(range -> range.end - range.start + 1).sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenRanges ranges && Arrays.equals(flipped, ranges.flipped);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(flipped);
  }

  @Override
  public String toString() {
    return ranges().toString();
  }
}
