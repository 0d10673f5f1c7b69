package io.ringdaemon.replication;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Quorum by zones: a zone succeeds when all its instances do, and fails with the first that
 * doesn't; all but {@code maxUnavailableZones} must succeed. Only zones complete at the end count
 * for the result (reference/ring-semantics.md 5.10).
 */
final class ZoneTracker implements Tracker {
  private static final class Zone {
    private final List<Integer> members = new ArrayList<>();
    private int waiting;
    private boolean failed;

    private boolean complete() {
      return !failed && waiting == 0;
    }
  }

  private final List<String> zoneOf;
  private final int maxUnavailableZones;
  private final Map<String, Zone> zones = new LinkedHashMap<>();

  /** {@code zoneOf} tells each instance's zone; instances without one share the empty zone. */
  ZoneTracker(List<String> zoneOf, int maxUnavailableZones) {
    this.zoneOf = List.copyOf(zoneOf);
    this.maxUnavailableZones = maxUnavailableZones;
    for (int at = 0; at < zoneOf.size(); at++) {
      Zone zone = zones.computeIfAbsent(zoneOf.get(at), name -> new Zone());
      zone.members.add(at);
      zone.waiting++;
    }
  }

  @Override
  public QuorumFailed.Unit unit() {
    return QuorumFailed.Unit.ZONES;
  }

  @Override
  public int needed() {
    return Math.max(0, zones.size() - maxUnavailableZones);
  }

  @Override
  public int allowed() {
    return maxUnavailableZones;
  }

  @Override
  public List<List<Integer>> groups(ZoneSorter sorter, RandomGenerator chance) {
    List<String> order = sorter.sort(List.copyOf(zones.keySet()), chance);
    if (order.size() != zones.size() || !new HashSet<>(order).equals(zones.keySet())) {
      throw new IllegalArgumentException(
          "a zone sorter must return every zone once; of %s it made %s"
              .formatted(zones.keySet(), order));
    }
    return order.stream().map(name -> List.copyOf(zone(name).members)).toList();
  }

  private Zone zone(String name) {
    return zones.computeIfAbsent(
        name,
        unknown -> {
          throw new IllegalStateException("no zone " + unknown);
        });
  }

  private Zone zone(int at) {
    return zone(zoneOf.get(at));
  }

  @Override
  public void onSuccess(int at) {
    zone(at).waiting--;
  }

  @Override
  public boolean onFailure(int at) {
    Zone zone = zone(at);
    boolean first = !zone.failed;
    zone.waiting--;
    zone.failed = true;
    return first;
  }

  @Override
  public boolean succeeded() {
    return zones.values().stream().filter(Zone::complete).count() >= needed();
  }

  @Override
  public boolean failed() {
    return zones.values().stream().filter(zone -> zone.failed).count() > maxUnavailableZones;
  }

  @Override
  public boolean returns(int at) {
    return zone(at).complete();
  }

  @Override
  public List<Integer> doomedBy(int at) {
    return List.copyOf(zone(at).members);
  }
}
