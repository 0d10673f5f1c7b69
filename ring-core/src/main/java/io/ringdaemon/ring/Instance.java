package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.token.Tokens;
import java.time.Instant;

/**
 * An instance as a view shows it.
 *
 * @param owned tokens it owns, conflicts resolved
 * @param stateSince wall time of this node at which it was first seen in its state
 * @param clockOff whether its heartbeats come from this node's future, or arrive older than any
 *     travels: its clock, or ours, is wrong
 */
public record Instance(
    InstanceDesc desc, Tokens owned, Health health, Instant stateSince, boolean clockOff) {
  public String id() {
    return desc.id();
  }

  public InstanceState state() {
    return desc.state();
  }

  public String zone() {
    return desc.zone();
  }

  /** Whether it may serve {@code operation}. */
  public boolean serves(Operation operation) {
    return (operation.serving >>> Standing.of(this) & 1) != 0;
  }
}
