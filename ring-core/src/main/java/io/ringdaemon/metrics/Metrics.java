package io.ringdaemon.metrics;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * Where the rules register what they count. The names are final Prometheus names (a counter's ends
 * in {@code _total}); {@code labels} are pairs of name and value, fixed at registration.
 * Registering the same name and labels twice gives the same counter.
 *
 * <p><b>Threading:</b> any thread.
 */
public interface Metrics {
  /** A number that only rises. */
  LongAdder counter(String name, String help, String... labels);

  /** A number read whenever somebody looks; {@code value} may be called from any thread. */
  void gauge(String name, String help, DoubleSupplier value, String... labels);

  /** A distribution of durations, shown in seconds. */
  Latency latency(String name, String help, String... labels);

  /** Counts, and shows nobody. */
  static Metrics unseen() {
    return new UnseenMetrics();
  }
}
