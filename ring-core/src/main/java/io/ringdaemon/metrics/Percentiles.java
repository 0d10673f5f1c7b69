package io.ringdaemon.metrics;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Percentiles of durations, kept by HdrHistogram: two significant digits, up to an hour, a hundred
 * kilobytes. What only counts for Prometheus takes {@link Latency}.
 *
 * <p><b>Threading:</b> {@link #record} from any thread, wait-free; {@link #snapshot} from any
 * thread.
 */
public final class Percentiles {
  private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

  private final Recorder recorder = new Recorder(LONGEST, 2);
  private final Histogram total = new Histogram(LONGEST, 2);

  /**
   * Notes one duration; what is negative counts as zero, what is longer than an hour as an hour.
   */
  public void record(long nanos) {
    recorder.recordValue(Math.max(0, Math.min(LONGEST, nanos)));
  }

  /** Everything recorded since the start. */
  public synchronized Snapshot snapshot() {
    total.add(recorder.getIntervalHistogram());
    double sum = total.getTotalCount() == 0 ? 0 : total.getMean() * total.getTotalCount();
    return new Snapshot(
        total.getTotalCount(),
        sum / 1e9,
        total.getValueAtPercentile(50) / 1e9,
        total.getValueAtPercentile(99) / 1e9,
        total.getMaxValue() / 1e9);
  }

  /** Counts, and durations in seconds. */
  public record Snapshot(long count, double sum, double p50, double p99, double max) {}
}
