package io.ringdaemon.gossip.sim;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who was away for how long, who was removed on purpose, and what each wrote last: what the checker
 * needs to tell a removal or return that must be from one that must not.
 */
final class Absences {
  private final Simulation sim;
  private final Map<String, Long> since = new HashMap<>();
  private final Set<String> longAway = new HashSet<>();
  private final Set<String> removed = new HashSet<>();
  private final Map<String, Long> lastWritten = new HashMap<>();

  Absences(Simulation sim) {
    this.sim = sim;
  }

  /** Killed, gone or frozen. */
  void away(String name) {
    note(name);
    since.put(name, sim.time().nanoTime());
  }

  void back(String name) {
    note(name);
    since.remove(name);
  }

  private void note(String name) {
    if (awayForLong(name)) {
      longAway.add(name);
    }
  }

  private boolean awayForLong(String name) {
    Long began = since.get(name);
    return began != null && sim.time().nanoTime() - began >= patience().toNanos();
  }

  /** After this the leader may take an instance out. */
  private Duration patience() {
    return sim.config().autoForget().after().minusSeconds(10);
  }

  /** Somebody asked for it to be forgotten, or it was told to leave. */
  void removedOnPurpose(String id) {
    removed.add(id);
  }

  /** Whether a tombstone for it has an explanation. */
  boolean mayBeRemoved(String id) {
    return removed.contains(id)
        || longAway.contains(id)
        || awayForLong(id)
        || sim.mesh().longestCut().compareTo(patience()) >= 0;
  }

  /** The instance itself wrote its entry with this timestamp. */
  void wrote(String id, long timestamp) {
    lastWritten.merge(id, timestamp, Math::max);
  }

  /** The last timestamp that the instance itself wrote. */
  long lastWritten(String id) {
    return lastWritten.getOrDefault(id, 0L);
  }
}
