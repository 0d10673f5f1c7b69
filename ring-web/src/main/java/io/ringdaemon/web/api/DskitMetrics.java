package io.ringdaemon.web.api;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.ringdaemon.metrics.Latency;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What we count under names of our own, once more under those dashboards of Cortex, Mimir, Loki and
 * Tempo ask for (reference/ring-semantics.md 9); their prefix is added when scraped
 * (docs/monitoring). Only where the meaning is the same: pushes and pulls of whole states, queues
 * of packets and a node's health score don't exist here, so neither do their metrics.
 */
final class DskitMetrics implements MultiCollector {
  /** Messages that dskit would call broadcasts. */
  private static final Set<String> BROADCASTS = Set.of("updates", "heartbeats");

  private static final Map<String, String> OPERATIONS =
      Map.of("read", "GET", "write", "CAS", "delete", "Delete", "list", "List");

  private final PrometheusMetrics metrics;
  private final Service service;

  DskitMetrics(PrometheusMetrics metrics, Service service) {
    this.metrics = metrics;
    this.service = service;
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> all = new ArrayList<>();
    heartbeats(all);
    stores(all);
    if (service.gossip().isPresent()) {
      messages(all);
      keys(all);
      members(all);
    }
    return new MetricSnapshots(all);
  }

  private void heartbeats(List<MetricSnapshot> all) {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("member_consul_heartbeats")
            .help("Heartbeats written, whatever the store.");
    metrics
        .counters("ring_member_heartbeats_total")
        .forEach(
            (values, sum) -> counter.dataPoint(count(sum.doubleValue(), "name", values.get(0))));
    all.add(counter.build());
  }

  private void stores(List<MetricSnapshot> all) {
    Map<List<String>, Latency> requests = new LinkedHashMap<>();
    metrics
        .latencies("ring_daemon_store_request_seconds")
        .forEach(
            (values, latency) ->
                requests.put(
                    List.of(
                        "primary",
                        values.get(0),
                        OPERATIONS.getOrDefault(values.get(1), values.get(1)),
                        values.get(2).equals("ok") ? "200" : "500"),
                    latency));
    all.add(
        Histograms.of(
            "kv_request_duration_seconds",
            "How long the store took to answer.",
            List.of("role", "type", "operation", "status_code"),
            requests));
    if (metrics.counters("ring_daemon_multi_mirrored_writes_total").isEmpty()) {
      return; // no store is mirrored
    }
    counter(
        all,
        "multikv_mirror_writes",
        "Changes brought to the secondary store.",
        sum("ring_daemon_multi_mirrored_writes_total"));
    counter(
        all,
        "multikv_mirror_write_errors",
        "Changes the secondary store did not take.",
        sum("ring_daemon_multi_mirror_failures_total"));
  }

  private void messages(List<MetricSnapshot> all) {
    String received = "ring_daemon_gossip_received_";
    counter(
        all,
        "memberlist_client_received_broadcasts",
        "Messages with changes or heartbeats received.",
        broadcasts(received + "messages_total"));
    counter(
        all,
        "memberlist_client_received_broadcasts_bytes",
        "Bytes of messages with changes or heartbeats received.",
        broadcasts(received + "bytes_total"));
    counter(
        all,
        "memberlist_client_received_broadcasts_invalid",
        "Messages dropped because they are not ours.",
        sum("ring_daemon_gossip_malformed_messages_total"));
    counter(
        all,
        "memberlist_tcp_transport_received_bytes",
        "Bytes received, of our own messages and of the membership layer.",
        sum(received + "bytes_total") + sum("ring_daemon_mesh_received_bytes_total"));
    counter(
        all,
        "memberlist_tcp_transport_sent_bytes",
        "Bytes sent, of our own messages and of the membership layer.",
        sum("ring_daemon_gossip_sent_bytes_total") + sum("ring_daemon_mesh_sent_bytes_total"));
    all.add(
        Histograms.of(
            "memberlist_propagation_tracker_delay_seconds",
            "How long a change takes from another node to this one, measured by beacons.",
            List.of(),
            metrics.latencies("ring_daemon_gossip_delay_seconds")));
  }

  private void keys(List<MetricSnapshot> all) {
    List<KeyStatus> keys = service.keys();
    gauge(all, "memberlist_client_kv_store_count", "Keys in the gossip store.", point(keys.size()));
    gauge(
        all,
        "memberlist_client_kv_store_value_tombstones",
        "Remembered removals, by key.",
        keys.stream()
            .map(key -> point(key.tombstones(), "key", key.key()))
            .toArray(GaugeDataPointSnapshot[]::new));
    gauge(
        all,
        "memberlist_client_messages_in_broadcast_queue",
        "Changes waiting to be passed on.",
        point(service.gossip().orElseThrow().queued(), "queue", "gossip"));
  }

  private void members(List<MetricSnapshot> all) {
    gauge(
        all,
        "memberlist_client_cluster_members_count",
        "Members alive or suspect, this one too.",
        point(
            (double)
                service.members().stream()
                    .filter(one -> one.state().equals("alive") || one.state().equals("suspect"))
                    .count()));
  }

  private double broadcasts(String name) {
    return metrics.counters(name).entrySet().stream()
        .filter(one -> BROADCASTS.contains(one.getKey().get(0)))
        .mapToDouble(one -> one.getValue().sum())
        .sum();
  }

  private double sum(String name) {
    return metrics.counters(name).values().stream().mapToDouble(one -> one.sum()).sum();
  }

  private static void counter(List<MetricSnapshot> all, String name, String help, double value) {
    all.add(CounterSnapshot.builder().name(name).help(help).dataPoint(count(value)).build());
  }

  private static void gauge(
      List<MetricSnapshot> all, String name, String help, GaugeDataPointSnapshot... points) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (GaugeDataPointSnapshot point : points) {
      gauge.dataPoint(point);
    }
    all.add(gauge.build());
  }

  private static CounterDataPointSnapshot count(double value, String... labels) {
    return CounterDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build();
  }

  private static GaugeDataPointSnapshot point(double value, String... labels) {
    return GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build();
  }
}
