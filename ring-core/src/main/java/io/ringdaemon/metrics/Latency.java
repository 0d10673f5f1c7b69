package io.ringdaemon.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * A distribution of durations behind one method: how many took at most each of {@link #bounds}.
 * Some hundred bytes, so that one for each route and status is cheap.
 *
 * <p><b>Threading:</b> any thread; {@link #record} is wait-free.
 */
public final class Latency {
  /** From what a page takes to what a change takes to a far node, in nanoseconds. */
  private static final long[] BOUNDS = {
    500_000L,
    1_000_000L,
    2_500_000L,
    5_000_000L,
    10_000_000L,
    25_000_000L,
    50_000_000L,
    100_000_000L,
    250_000_000L,
    500_000_000L,
    1_000_000_000L,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L,
    30_000_000_000L,
    60_000_000_000L
  };

  private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
  private final LongAdder nanos = new LongAdder();

  /** Notes one duration; what is negative counts as zero. */
  public void record(long duration) {
    long some = Math.max(0, duration);
    int found = Arrays.binarySearch(BOUNDS, some);
    buckets.incrementAndGet(found >= 0 ? found : -found - 1);
    nanos.add(some);
  }

  /** The upper bounds of all buckets but the last, which has none, in seconds. */
  public static List<Double> bounds() {
    return Arrays.stream(BOUNDS).mapToObj(bound -> bound / 1e9).toList();
  }

  /** Everything recorded since the start. */
  public Snapshot snapshot() {
    List<Long> counts = new ArrayList<>(buckets.length());
    for (int i = 0; i < buckets.length(); i++) {
      counts.add(buckets.get(i));
    }
    return new Snapshot(List.copyOf(counts), nanos.sum() / 1e9);
  }

  /**
   * Counts, and the sum of all durations in seconds.
   *
   * @param buckets how many fell into each bucket, the one above all bounds last
   */
  public record Snapshot(List<Long> buckets, double sum) {
    public long count() {
      return buckets.stream().mapToLong(Long::longValue).sum();
    }
  }
}
