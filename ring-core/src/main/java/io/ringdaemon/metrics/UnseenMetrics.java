package io.ringdaemon.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** Metrics that nobody shows: for programs that embed the rules, and for tests. */
final class UnseenMetrics implements Metrics {
  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

  @Override
  public LongAdder counter(String name, String help, String... labels) {
    return counters.computeIfAbsent(name + String.join(",", labels), key -> new LongAdder());
  }

  @Override
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {}

  @Override
  public Latency latency(String name, String help, String... labels) {
    return new Latency();
  }
}
