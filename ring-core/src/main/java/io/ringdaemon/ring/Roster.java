package io.ringdaemon.ring;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * Who is in a ring and where: what changes only when an instance comes, goes or moves. An
 * instance's place in it, by id, is its ordinal. Immutable; shared by views.
 */
final class Roster {
  private final String[] ids;
  private final List<String> zones;
  private final int[] zoneOf; // -1: its zone is empty
  private final int[] groups;

  private Roster(String[] ids, List<String> zones, int[] zoneOf, int[] groups) {
    this.ids = ids;
    this.zones = zones;
    this.zoneOf = zoneOf;
    this.groups = groups;
  }

  static Roster of(List<Instance> instances, boolean zoneAware) {
    String[] ids = new String[instances.size()];
    int[] zoneOf = new int[ids.length];
    int[] groups = new int[ids.length];
    List<String> zones =
        List.copyOf(new TreeSet<>(instances.stream().map(Instance::zone).toList()));
    int alone = zoneAware ? zones.size() : 0;
    for (int i = 0; i < ids.length; i++) {
      Instance instance = instances.get(i);
      ids[i] = instance.id();
      boolean zoned = !instance.zone().isEmpty();
      int zone = Collections.binarySearch(zones, instance.zone());
      zoneOf[i] = zoned ? zone : -1;
      groups[i] = zoned && zoneAware ? zone : alone++;
    }
    return new Roster(ids, zones, zoneOf, groups);
  }

  int size() {
    return ids.length;
  }

  /** Ordinal of the instance, negative if there is none. */
  int ordinal(String id) {
    return Arrays.binarySearch(ids, id);
  }

  List<String> zones() {
    return zones;
  }

  /** Index into {@link #zones}, or -1 where the instance's zone is empty. */
  int zoneOf(int ordinal) {
    return zoneOf[ordinal];
  }

  /** Number of what may hold one replica of a key: a zone, or the instance alone. */
  int group(int ordinal) {
    return groups[ordinal];
  }
}
