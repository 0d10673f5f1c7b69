package io.ringdaemon.web.api;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.web.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Metrics for Prometheus. What is counted stays in {@link LongAdder}s and HdrHistograms, so that
 * counting costs nothing; the official client's callback collectors read them when scraped and its
 * writer words them.
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
    JvmMetrics.register(this);
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
    SummaryWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(array(labels))
        .callback(
            callback ->
                family.series.forEach(
                    (values, latency) -> {
                      Latency.Snapshot seen = latency.snapshot();
                      callback.call(seen.count(), seen.sum(), quantiles(seen), array(values));
                    }))
        .register(registry);
    return family;
  }

  private static Quantiles quantiles(Latency.Snapshot seen) {
    return Quantiles.of(
        new Quantile(0.5, seen.p50()), new Quantile(0.99, seen.p99()), new Quantile(1, seen.max()));
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
