package io.ringdaemon.gossip.sim;

import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** A node's metrics, to be looked at. */
public final class Gauges implements Metrics {
  private final Metrics others = Metrics.unseen();
  private final Latency latency = new Latency();
  private final Map<String, DoubleSupplier> gauges = new TreeMap<>();

  @Override
  public LongAdder counter(String name, String help, String... labels) {
    return others.counter(name, help, labels);
  }

  @Override
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    gauges.putIfAbsent(name, value);
  }

  @Override
  public Latency latency(String name, String help, String... labels) {
    return latency; // one for all: a simulation looks at none, and each is large
  }

  /** The value of the first gauge registered by that name; fails if there is none. */
  public long read(String name) {
    DoubleSupplier gauge = gauges.get(name);
    if (gauge == null) {
      throw new AssertionError("no gauge " + name + ", only " + gauges.keySet());
    }
    return (long) gauge.getAsDouble();
  }
}
