package io.ringdaemon.bench;

import java.util.Locale;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * Times many short batches of a call and prints, per call, the least, the median and the 99th
 * percentile of the batches: other work on the machine shows in the last and spares the first two.
 */
final class Batches {
  private static final int ROUNDS = 400;

  private Batches() {}

  static void header() {
    System.out.println("| What | min | median | p99 |");
    System.out.println("|---|---|---|---|");
  }

  /** {@code call} gets the running number of its call, so that it can vary its arguments. */
  static void time(String what, int callsABatch, IntFunction<?> call) {
    int number = 0;
    Object[] results = new Object[16]; // kept, so that no call can be left out
    long warmUntil = System.nanoTime() + 1_500_000_000L;
    while (System.nanoTime() < warmUntil) {
      results[number & 15] = call.apply(number++);
    }
    Histogram picoseconds = new Histogram(3);
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < callsABatch; i++) {
        results[i & 15] = call.apply(number++);
      }
      picoseconds.recordValue((System.nanoTime() - start) * 1000 / callsABatch);
    }
    if (results[0] == null) {
      throw new IllegalStateException("nothing came of " + what);
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s |%n",
        what,
        text(picoseconds.getMinValue()),
        text(picoseconds.getValueAtPercentile(50)),
        text(picoseconds.getValueAtPercentile(99)));
  }

  private static String text(long picoseconds) {
    return picoseconds < 1_000_000
        ? String.format(Locale.ROOT, "%.1f ns", picoseconds / 1e3)
        : picoseconds < 1_000_000_000
            ? String.format(Locale.ROOT, "%.2f µs", picoseconds / 1e6)
            : String.format(Locale.ROOT, "%.2f ms", picoseconds / 1e9);
  }
}
