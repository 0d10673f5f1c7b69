package io.ringdaemon.member;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Which instances have been unhealthy for so long that the leader takes them out of the ring: never
 * one whose node is alive in the mesh, never a foreign one unless configured, at most a tenth of
 * the ring (but one) at a time (design.md section 6). Pure.
 *
 * @param foreign also instances that no ring-daemon keeps
 */
public record AutoForget(boolean enabled, Duration after, boolean foreign) {
  List<String> due(Ring ring, String selfId, Liveness liveness, Instant now) {
    if (!enabled) {
      return List.of();
    }
    return ring.instances().stream()
        .filter(instance -> !instance.id().equals(selfId) && !instance.health().healthy())
        .filter(instance -> foreign || instance.desc().ofRingDaemon())
        .filter(instance -> instance.health().since().plus(after).isBefore(now))
        .filter(instance -> !alive(instance, liveness))
        .sorted(Comparator.comparing(instance -> instance.health().since()))
        .map(Instance::id)
        .limit(Math.max(1, ring.instances().size() / 10))
        .toList();
  }

  private static boolean alive(Instance instance, Liveness liveness) {
    var origin = instance.desc().origin();
    return origin.known()
        && liveness.of(origin.node(), origin.life()).state() == Liveness.State.ALIVE;
  }
}
