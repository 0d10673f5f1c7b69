package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.replica.BroadcastQueue.Name;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Entries that changed here lately: where two replicas differ, mostly one of these has not come to
 * the other yet, so they are compared first. Confined to its replica. <b>Bounds:</b> {@link #MOST}.
 */
final class Recents {
  private static final int MOST = 16;
  private static final Duration LATELY = Duration.ofSeconds(10);

  private final LinkedHashMap<Name, Instant> changed = new LinkedHashMap<>();

  void add(String key, Collection<String> ids, Instant now) {
    for (String id : ids) {
      Name name = new Name(key, id);
      changed.remove(name);
      changed.put(name, now);
    }
    while (changed.size() > MOST) {
      changed.remove(changed.keySet().iterator().next());
    }
  }

  /** Ids by key. A clock that was set does no more harm than some of them too many or too few. */
  Map<String, List<String>> lately(Instant now) {
    Map<String, List<String>> byKey = new TreeMap<>();
    changed.forEach(
        (name, at) -> {
          if (Duration.between(at, now).abs().compareTo(LATELY) < 0) {
            byKey.computeIfAbsent(name.key(), key -> new ArrayList<>()).add(name.id());
          }
        });
    return byKey;
  }
}
