package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of reference/ring-semantics.md 5.2 to 5.5, written down as they stand there: a TreeMap
 * of tokens and one turn around it. Slow and plainly right; what the fast one is compared with.
 */
final class SlowRing {
  private final RingOptions options;
  private final List<Instance> instances;
  private final TreeMap<Long, Instance> byToken = new TreeMap<>();

  SlowRing(RingOptions options, List<Instance> all) {
    this.options = options;
    this.instances =
        all.stream().filter(one -> !options.excludedZones().contains(one.zone())).toList();
    instances.forEach(one -> one.owned().longs().forEach(token -> byToken.put(token, one)));
  }

  /** The replica set as words: ids, how many may fail; or what is wrong. */
  String answer(int key, Operation operation, int asked) {
    int replicas = Math.max(asked, options.replicationFactor());
    if (byToken.isEmpty()) {
      return "empty";
    }
    List<Instance> found = walk(key, operation, replicas);
    List<Instance> fit = found.stream().filter(one -> fit(one, operation)).toList();
    int n = Math.max(replicas, found.size());
    int needed = options.strategy() == ReplicationStrategy.DEFAULT ? n / 2 + 1 : 1;
    if (fit.size() < needed) {
      List<String> unfit =
          found.stream().filter(one -> !fit(one, operation)).map(Instance::id).toList();
      return "needed %d found %d unfit %s".formatted(needed, fit.size(), unfit);
    }
    return fit.stream().map(Instance::id).toList() + " " + (fit.size() - needed);
  }

  static boolean fit(Instance one, Operation operation) {
    return one.health().healthy()
        && one.state() != InstanceState.UNKNOWN
        && operation.healthy().contains(one.state());
  }

  private List<Instance> walk(int key, Operation operation, int replicas) {
    int target = Math.max(1, replicas / options.replicationFactor());
    int size = replicas;
    List<Instance> seen = new ArrayList<>();
    Map<String, Integer> found = new HashMap<>();
    List<Instance> turn = new ArrayList<>(byToken.tailMap((key & 0xFFFF_FFFFL) + 1).values());
    turn.addAll(byToken.values());
    for (Instance one : turn) {
      if (seen.size() >= Math.min(instances.size(), size)) {
        break;
      }
      boolean zoned = options.zoneAware() && !one.zone().isEmpty();
      if (seen.contains(one) || (zoned && found.getOrDefault(one.zone(), 0) >= target)) {
        continue;
      }
      seen.add(one);
      if (operation.extending().contains(one.state())) {
        size++;
      } else if (zoned) {
        found.merge(one.zone(), 1, Integer::sum);
      }
    }
    return seen;
  }
}
