package io.ringdaemon.lifecycle;

import io.ringdaemon.ring.Ring;

/**
 * Whether an instance may draw tokens now, or has to let others go first (dskit: {@code CanJoin};
 * the spread-minimizing generator needs all lower ordinals before it). Asked on the loop; pure.
 */
@FunctionalInterface
public interface JoinGate {
  /** Nobody waits. */
  JoinGate OPEN = ring -> true;

  boolean canJoin(Ring ring);
}
