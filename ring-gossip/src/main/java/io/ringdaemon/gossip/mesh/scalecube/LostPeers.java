package io.ringdaemon.gossip.mesh.scalecube;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Addresses whose nodes vanished without a goodbye, to be tried again: without this two halves of a
 * cluster that removed each other never meet again (reference/scalecube.md 5.1). Also knows whether
 * a third of the peers went within the last minute. Pure. <b>Bounds:</b> the newest 256, for 24
 * hours.
 */
final class LostPeers {
  static final int MOST = 256;
  private static final long KEPT = Duration.ofHours(24).toNanos();
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final Map<String, Long> since = new LinkedHashMap<>(); // oldest first
  private final Deque<Long> losses = new ArrayDeque<>(); // of the last minute
  private long hurryUntil;
  private boolean hurried;

  /** A peer vanished; {@code left} others are still reachable. */
  void lost(String address, int left, long now) {
    since.remove(address);
    since.put(address, now);
    if (since.size() > MOST) {
      since.remove(since.keySet().iterator().next());
    }
    losses.add(now);
    while (losses.size() > MOST || now - losses.peek() > MINUTE) {
      losses.remove();
    }
    if (losses.size() * 3 >= losses.size() + left) {
      hurried = true;
      hurryUntil = now + MINUTE;
    }
  }

  /** Somebody is there again, or left for good. */
  void settled(String address) {
    since.remove(address);
  }

  boolean hurry(long now) {
    return hurried && now < hurryUntil;
  }

  Set<String> addresses(long now) {
    since.values().removeIf(at -> now - at > KEPT);
    return new LinkedHashSet<>(since.keySet());
  }
}
