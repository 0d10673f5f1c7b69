package io.ringdaemon.store;

import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** What is counted of a backend's use. */
final class StoreMetrics {
  final LongAdder conflicts;
  final LongAdder restarts;
  final LongAdder coalesced;
  private final Metrics metrics;
  private final String kind;

  StoreMetrics(Metrics metrics, String kind) {
    this.metrics = metrics;
    this.kind = kind;
    conflicts =
        metrics.counter(
            "ring_daemon_store_conflicts_total",
            "Writes refused because another wrote first; they are tried again",
            "store",
            kind);
    restarts =
        metrics.counter(
            "ring_daemon_store_watch_restarts_total",
            "Watches that ended and were begun again by a fresh read",
            "store",
            kind);
    coalesced =
        metrics.counter(
            "ring_daemon_store_coalesced_updates_total",
            "Values that a later one overtook before they were looked at",
            "store",
            kind);
  }

  LongAdder requests(String operation) {
    return metrics.counter(
        "ring_daemon_store_requests_total",
        "Requests sent to the store",
        "store",
        kind,
        "operation",
        operation);
  }

  LongAdder errors(String operation) {
    return metrics.counter(
        "ring_daemon_store_errors_total",
        "Requests that failed",
        "store",
        kind,
        "operation",
        operation);
  }

  /** {@code result}: ok or failed. */
  Latency latency(String operation, String result) {
    return metrics.latency(
        "ring_daemon_store_request_seconds",
        "How long the store took to answer",
        "store",
        kind,
        "operation",
        operation,
        "result",
        result);
  }

  void key(String key, DoubleSupplier reachable, DoubleSupplier age) {
    metrics.gauge(
        "ring_daemon_store_reachable",
        "1 while the store answers for this key",
        reachable,
        "store",
        kind,
        "key",
        key);
    metrics.gauge(
        "ring_daemon_store_view_age_seconds",
        "Time since the store last answered for this key",
        age,
        "store",
        kind,
        "key",
        key);
  }
}
