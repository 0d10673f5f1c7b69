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
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rings, under dskit's names (reference/ring-semantics.md 9) and a few of our own. */
final class RingMetrics implements MultiCollector {
  private static final List<InstanceState> STATES =
      List.of(
          InstanceState.ACTIVE,
          InstanceState.LEAVING,
          InstanceState.PENDING,
          InstanceState.JOINING);

  private static final int MOST_ZONES = 32;

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
    gauges.add(
        "ring_daemon_node_alerts",
        "What the health page says is wrong with this node.",
        node.alerts().size());
    for (RingStatus status : service.rings()) {
      members(gauges, status);
      leader(gauges, status);
    }
    return gauges.snapshots();
  }

  private static void members(Gauges gauges, RingStatus status) {
    String name = status.name();
    List<Instance> all = status.ring().instances();
    byState(all).forEach((state, some) -> count(gauges, name, state, some));
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
        "name",
        name);
    gauges.add(
        "ring_daemon_alerts",
        "What the health page says is wrong with the ring.",
        status.alerts().size(),
        "name",
        name);
    gauges.add(
        "lifecycler_read_only",
        "1 while this node's instance is read-only, else 0.",
        all.stream().anyMatch(one -> one.id().equals(status.selfId()) && one.desc().readOnly().on())
            ? 1
            : 0,
        "name",
        name);
    zones(gauges, name, all);
  }

  /** The first zones by name: a limit as dskit has it, for whatever others call their zones. */
  private static void zones(Gauges gauges, String name, List<Instance> all) {
    Map<String, List<Instance>> byZone =
        all.stream()
            .filter(one -> !one.zone().isEmpty())
            .collect(Collectors.groupingBy(Instance::zone, TreeMap::new, Collectors.toList()));
    byZone.entrySet().stream()
        .limit(MOST_ZONES)
        .forEach(
            zone ->
                byState(zone.getValue())
                    .forEach(
                        (state, some) ->
                            gauges.add(
                                "ring_zone_members",
                                "Number of members in the ring, by zone.",
                                some.size(),
                                "name",
                                name,
                                "zone",
                                zone.getKey(),
                                "state",
                                state)));
  }

  private static Map<String, List<Instance>> byState(List<Instance> all) {
    Map<String, List<Instance>> byState = new LinkedHashMap<>();
    byState.put("Unhealthy", all.stream().filter(one -> !one.health().healthy()).toList());
    for (InstanceState state : STATES) {
      byState.put(
          state.name(),
          all.stream().filter(one -> one.health().healthy() && one.state() == state).toList());
    }
    return byState;
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
    gauges.add(
        "ring_daemon_leader_known",
        "1 if somebody leads the ring as this node sees it, else 0.",
        leadership.leaderAt(service.nanoTime()).isPresent() ? 1 : 0,
        "name",
        status.name());
  }
}
