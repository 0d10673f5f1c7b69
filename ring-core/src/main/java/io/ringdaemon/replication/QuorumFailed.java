package io.ringdaemon.replication;

import java.util.List;
import java.util.stream.Collectors;

/**
 * No quorum can be reached any more, or an error was terminal. The cause is the error that decided
 * it.
 */
public final class QuorumFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What counts: single instances, or whole zones. */
  public enum Unit {
    INSTANCES,
    ZONES
  }

  /** One instance's error. */
  public record Failure(String instanceId, String zone, Throwable error) {}

  private final Unit unit;
  private final int needed;
  private final int allowed;
  private final boolean terminal;
  private final transient List<Failure> failures;

  QuorumFailed(
      Unit unit,
      int needed,
      int allowed,
      boolean terminal,
      List<Failure> failures,
      Throwable cause) {
    super(
        "%s %d %s of %d must answer; failed: %s"
            .formatted(
                terminal ? "terminal error;" : "no quorum:",
                needed,
                unit == Unit.ZONES ? "zones" : "instances",
                needed + allowed,
                failures.stream()
                    .map(one -> one.instanceId() + " (" + one.error() + ")")
                    .collect(Collectors.joining(", "))),
        cause);
    this.unit = unit;
    this.needed = needed;
    this.allowed = allowed;
    this.terminal = terminal;
    this.failures = List.copyOf(failures);
  }

  public Unit unit() {
    return unit;
  }

  /** How many instances, or zones, had to succeed. */
  public int needed() {
    return needed;
  }

  /** How many of them were allowed to fail. */
  public int allowed() {
    return allowed;
  }

  /** Whether the cause alone ended it, whatever the others might have answered. */
  public boolean terminal() {
    return terminal;
  }

  /** Every error until then, in the order of arrival. */
  public List<Failure> failures() {
    return failures;
  }
}
