package io.ringdaemon.web.api;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.web.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Metrics for Prometheus. What is counted stays in {@link LongAdder}s and {@link Latency}s, so that
 * counting costs nothing; the official client's collectors read them when scraped and its writer
 * words them.
 */
public final class PrometheusMetrics implements Metrics {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  /** All series of one name. */
  private static final class Family<T> {
    private final List<String> labelNames;
    private final Map<List<String>, T> series = new ConcurrentSkipListMap<>(Family::compare);

    Family(List<String> labelNames) {
      this.labelNames = labelNames;
    }

    private static int compare(List<String> some, List<String> others) {
      for (int i = 0; i < Math.min(some.size(), others.size()); i++) {
        int order = some.get(i).compareTo(others.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(some.size(), others.size());
    }
  }

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Map<String, Family<LongAdder>> counters = new ConcurrentHashMap<>();
  private final Map<String, Family<DoubleSupplier>> gauges = new ConcurrentHashMap<>();
  private final Map<String, Family<Latency>> latencies = new ConcurrentHashMap<>();

  /** With what the JVM says of itself. */
  public PrometheusMetrics() {
    JvmMetrics.register(this, registry);
  }

  @Override
  public LongAdder counter(String name, String help, String... labels) {
    Family<LongAdder> family =
        counters.computeIfAbsent(name, key -> counterFamily(name, help, names(labels)));
    return series(family, name, labels, LongAdder::new);
  }

  @Override
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    Family<DoubleSupplier> family =
        gauges.computeIfAbsent(name, key -> gaugeFamily(name, help, names(labels)));
    series(family, name, labels, () -> value);
    family.series.put(values(labels), value);
  }

  @Override
  public Latency latency(String name, String help, String... labels) {
    Family<Latency> family =
        latencies.computeIfAbsent(name, key -> latencyFamily(name, help, names(labels)));
    return series(family, name, labels, Latency::new);
  }

  /** Shows the rings of {@code service} too. To be called once. */
  void watch(Service service) {
    registry.register(new RingMetrics(service));
    registry.register(new DskitMetrics(this, service));
  }

  /** All durations called {@code name}, by the values of their labels; empty: nobody times it. */
  Map<List<String>, Latency> latencies(String name) {
    Family<Latency> family = latencies.get(name);
    return family == null ? Map.of() : Collections.unmodifiableMap(family.series);
  }

  /** All counters called {@code name}, by the values of their labels; empty: nobody counts it. */
  Map<List<String>, LongAdder> counters(String name) {
    Family<LongAdder> family = counters.get(name);
    return family == null ? Map.of() : Collections.unmodifiableMap(family.series);
  }

  /** Everything, in Prometheus' text format. */
  String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32 << 10);
    try {
      PrometheusTextFormatWriter.create()
          .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private Family<LongAdder> counterFamily(String name, String help, List<String> labels) {
    Family<LongAdder> family = new Family<>(labels);
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(array(labels))
        .callback(
            callback ->
                family.series.forEach(
                    (values, sum) -> callback.call(sum.doubleValue(), array(values))))
        .register(registry);
    return family;
  }

  private Family<DoubleSupplier> gaugeFamily(String name, String help, List<String> labels) {
    Family<DoubleSupplier> family = new Family<>(labels);
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(array(labels))
        .callback(
            callback ->
                family.series.forEach(
                    (values, value) -> callback.call(value.getAsDouble(), array(values))))
        .register(registry);
    return family;
  }

  private Family<Latency> latencyFamily(String name, String help, List<String> labels) {
    Family<Latency> family = new Family<>(labels);
    registry.register(() -> Histograms.of(name, help, labels, family.series));
    return family;
  }

  private static <T> T series(
      Family<T> family, String name, String[] labels, Supplier<T> creation) {
    if (!family.labelNames.equals(names(labels))) {
      throw new IllegalArgumentException(
          name + " has the labels " + family.labelNames + ", not " + names(labels));
    }
    return family.series.computeIfAbsent(values(labels), key -> creation.get());
  }

  private static List<String> names(String[] labels) {
    return half(labels, 0);
  }

  private static List<String> values(String[] labels) {
    return half(labels, 1);
  }

  private static List<String> half(String[] labels, int first) {
    if (labels.length % 2 != 0) {
      throw new IllegalArgumentException("labels are pairs of name and value");
    }
    List<String> half = new ArrayList<>();
    for (int i = first; i < labels.length; i += 2) {
      half.add(labels[i]);
    }
    return List.copyOf(half);
  }

  private static String[] array(List<String> list) {
    return list.toArray(String[]::new);
  }
}
