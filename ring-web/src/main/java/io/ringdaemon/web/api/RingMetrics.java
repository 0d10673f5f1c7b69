package io.ringdaemon.web.api;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The rings, under dskit's names (reference/ring-semantics.md 9) and a few of our own. */
final class RingMetrics implements MultiCollector {
  private static final List<InstanceState> STATES =
      List.of(
          InstanceState.ACTIVE,
          InstanceState.LEAVING,
          InstanceState.PENDING,
          InstanceState.JOINING);

  /** Gauges of a scrape, by name. */
  private static final class Gauges {
    private final Map<String, GaugeSnapshot.Builder> byName = new LinkedHashMap<>();

    void add(String name, String help, double value, String... labels) {
      byName
          .computeIfAbsent(name, key -> GaugeSnapshot.builder().name(name).help(help))
          .dataPoint(
              GaugeDataPointSnapshot.builder().value(value).labels(Labels.of(labels)).build());
    }

    MetricSnapshots snapshots() {
      return new MetricSnapshots(
          byName.values().stream()
              .map(GaugeSnapshot.Builder::build)
              .toArray(MetricSnapshot[]::new));
    }
  }

  private final Service service;

  RingMetrics(Service service) {
    this.service = service;
  }

  @Override
  public MetricSnapshots collect() {
    Gauges gauges = new Gauges();
    NodeStatus node = service.node();
    gauges.add(
        "ring_daemon_build_info",
        "Always 1; its labels say what runs.",
        1,
        "release",
        node.release(),
        "java",
        Runtime.version().toString());
    for (RingStatus status : service.rings()) {
      members(gauges, status);
      leader(gauges, status);
    }
    return gauges.snapshots();
  }

  private static void members(Gauges gauges, RingStatus status) {
    String name = status.name();
    List<Instance> all = status.ring().instances();
    count(gauges, name, "Unhealthy", all.stream().filter(one -> !one.health().healthy()).toList());
    for (InstanceState state : STATES) {
      count(
          gauges,
          name,
          state.name(),
          all.stream().filter(one -> one.health().healthy() && one.state() == state).toList());
    }
    gauges.add(
        "ring_tokens_total",
        "Number of tokens in the ring.",
        status.ring().tokenCount(),
        "name",
        name);
    gauges.add(
        "ring_daemon_clocks_off",
        "Instances whose clock is not the same as this node's.",
        (double) all.stream().filter(Instance::clockOff).count(),
        "ring",
        name);
  }

  private static void count(Gauges gauges, String name, String state, List<Instance> some) {
    gauges.add(
        "ring_members", "Number of members in the ring", some.size(), "name", name, "state", state);
    OptionalLong oldest = some.stream().mapToLong(one -> one.desc().timestamp()).min();
    gauges.add(
        "ring_oldest_member_timestamp",
        "Timestamp of the oldest member in the ring.",
        (double) oldest.orElse(0),
        "name",
        name,
        "state",
        state);
  }

  private void leader(Gauges gauges, RingStatus status) {
    if (status.leadership().isEmpty()) {
      return;
    }
    Leadership leadership = status.leadership().get();
    long nanoTime = service.nanoTime();
    String self = leadership.selfId();
    gauges.add(
        "ring_daemon_leader",
        "1 if this node leads the ring, else 0.",
        leadership.selfLeads(nanoTime) ? 1 : 0,
        "ring",
        status.name(),
        "instance",
        self);
    gauges.add(
        "ring_daemon_leader_known",
        "1 if somebody leads the ring as this node sees it, else 0.",
        leadership.leaderAt(nanoTime).isPresent() ? 1 : 0,
        "ring",
        status.name());
    gauges.add(
        "ring_daemon_leader_epoch",
        "The highest epoch seen.",
        (double) leadership.epoch(),
        "ring",
        status.name());
  }
}
