package io.ringdaemon.bench;

import java.lang.management.ManagementFactory;
import java.util.function.IntToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * Medians of many short batches: on a shared machine a batch of some microseconds is mostly either
 * disturbed or not, so minimum and median tell what the code costs and p99 what the neighbours do.
 */
public final class Measure {
  /** Where results go, so that nothing is optimised away. */
  private static volatile long unusedSink;

  private static final int MOST_WARM_UP = 2_000;
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Measure() {}

  public static void head(String group) {
    System.out.printf("%n%s%n", group);
    System.out.printf("  %-58s %10s %10s %10s %10s%n", "", "min", "median", "p99", "B a call");
  }

  /**
   * Calls {@code work} with rising numbers, {@code perBatch} times a batch, and prints nanoseconds
   * a call.
   */
  public static void nanos(String what, int batches, int perBatch, IntToLongFunction work) {
    Histogram tenths = new Histogram(3);
    int call = 0;
    long warmUntil = System.nanoTime() + 1_500_000_000L;
    for (int i = 0; i < MOST_WARM_UP && (i < 20 || System.nanoTime() < warmUntil); i++) {
      call = batch(call, perBatch, work);
    }
    long until = System.nanoTime() + 20_000_000_000L;
    long allocated = 0;
    long calls = 0;
    for (int i = 0; i < batches && (i < 10 || System.nanoTime() < until); i++) {
      long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
      long start = System.nanoTime();
      call = batch(call, perBatch, work);
      long took = System.nanoTime() - start;
      allocated += THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
      calls += perBatch;
      tenths.recordValue(Math.max(1, took * 10 / perBatch));
    }
    System.out.printf(
        "  %-58s %10s %10s %10s %10d%n",
        what,
        shown(tenths.getMinValue() / 10.0),
        shown(tenths.getValueAtPercentile(50) / 10.0),
        shown(tenths.getValueAtPercentile(99) / 10.0),
        allocated / calls);
  }

  private static int batch(int from, int count, IntToLongFunction work) {
    long sum = 0;
    int call = from;
    for (int i = 0; i < count; i++) {
      sum += work.applyAsLong(call++);
    }
    unusedSink = sum;
    return call;
  }

  private static String shown(double nanos) {
    return nanos < 1_000
        ? "%.1f ns".formatted(nanos)
        : nanos < 1_000_000 ? "%.2f us".formatted(nanos / 1e3) : "%.2f ms".formatted(nanos / 1e6);
  }
}
