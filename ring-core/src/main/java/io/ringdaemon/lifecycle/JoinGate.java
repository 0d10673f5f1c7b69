package io.ringdaemon.lifecycle;

import io.ringdaemon.ring.Ring;
import io.ringdaemon.token.JoinOrder;

/**
 * Whether an instance may draw tokens now, or has to let others go first (dskit: {@code CanJoin};
 * the spread-minimizing generator needs all lower ordinals before it). Asked on the loop; pure.
 */
@FunctionalInterface
public interface JoinGate {
  /** Nobody waits. */
  JoinGate OPEN = ring -> true;

  /** In the order of the numbers that the instances' names end in. */
  static JoinGate inOrder(JoinOrder order) {
    return ring ->
        order
            .waitsFor(id -> ring.instance(id).filter(one -> !one.owned().isEmpty()).isPresent())
            .isEmpty();
  }

  boolean canJoin(Ring ring);
}
