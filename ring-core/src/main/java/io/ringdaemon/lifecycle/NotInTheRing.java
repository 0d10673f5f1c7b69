package io.ringdaemon.lifecycle;

/** Something was asked of an instance that has not registered yet, or has left. */
public final class NotInTheRing extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String instanceId;

  NotInTheRing(String instanceId, Phase phase, String obstacle) {
    super(
        "instance %s is not in the ring (%s%s)"
            .formatted(instanceId, phase.state(), obstacle.isEmpty() ? "" : ": " + obstacle));
    this.instanceId = instanceId;
  }

  public String instanceId() {
    return instanceId;
  }
}
