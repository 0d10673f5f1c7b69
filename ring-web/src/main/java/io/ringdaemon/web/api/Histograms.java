package io.ringdaemon.web.api;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.ringdaemon.metrics.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Durations as Prometheus' classic histograms. */
final class Histograms {
  private static final List<Double> BOUNDS = bounds();

  private Histograms() {}

  static HistogramSnapshot of(
      String name, String help, List<String> labels, Map<List<String>, Latency> series) {
    HistogramSnapshot.Builder all = HistogramSnapshot.builder().name(name).help(help);
    series.forEach(
        (values, latency) -> {
          Latency.Snapshot seen = latency.snapshot();
          all.dataPoint(
              HistogramDataPointSnapshot.builder()
                  .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, seen.buckets()))
                  .sum(seen.sum())
                  .labels(Labels.of(labels, values))
                  .build());
        });
    return all.build();
  }

  private static List<Double> bounds() {
    List<Double> bounds = new ArrayList<>(Latency.bounds());
    bounds.add(Double.POSITIVE_INFINITY);
    return List.copyOf(bounds);
  }
}
