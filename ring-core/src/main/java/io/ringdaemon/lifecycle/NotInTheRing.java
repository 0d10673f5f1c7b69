package io.ringdaemon.lifecycle;

import java.util.Optional;

/** Something was asked of an instance that has not registered yet, or has left. */
public final class NotInTheRing extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String instanceId;

  NotInTheRing(String instanceId, Phase phase, Optional<Obstacle> obstacle) {
    super(
        "instance %s is not in the ring (%s%s)"
            .formatted(instanceId, phase.state(), obstacle.map(it -> ": " + it.text()).orElse("")));
    this.instanceId = instanceId;
  }

  public String instanceId() {
    return instanceId;
  }
}
