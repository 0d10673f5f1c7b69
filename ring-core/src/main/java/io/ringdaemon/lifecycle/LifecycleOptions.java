package io.ringdaemon.lifecycle;

import java.time.Duration;
import java.util.Map;

/**
 * What few instances need to set (reference/ring-semantics.md 2.2 and 10.3).
 *
 * @param joinAfter how long an instance that lacks tokens shows itself PENDING before it draws them
 * @param joinGate what must hold besides
 * @param joinTimeout how long it waits for the gate before it joins regardless
 * @param finalSleep how long it stays LEAVING after its last work is done; 300 ms at least, so that
 *     peers see it
 * @param clearTokens whether leaving forgets the stored tokens
 * @param versions of the application's components, by an id that the application chooses
 */
public record LifecycleOptions(
    Duration joinAfter,
    JoinGate joinGate,
    Duration joinTimeout,
    Duration finalSleep,
    boolean clearTokens,
    Map<Long, Long> versions,
    Readiness.Config readiness) {
  /** Joins at once, leaves at once, keeps its tokens. */
  public static final LifecycleOptions DEFAULTS =
      new LifecycleOptions(
          Duration.ZERO,
          JoinGate.OPEN,
          Duration.ofMinutes(5),
          Duration.ZERO,
          false,
          Map.of(),
          Readiness.Config.DEFAULTS);

  public LifecycleOptions {
    notNegative("join_after", joinAfter);
    notNegative("join_timeout", joinTimeout);
    notNegative("final_sleep", finalSleep);
    versions = Map.copyOf(versions);
  }

  static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, is " + value);
    }
  }

  public LifecycleOptions withJoinAfter(Duration joinAfter) {
    return new LifecycleOptions(
        joinAfter, joinGate, joinTimeout, finalSleep, clearTokens, versions, readiness);
  }

  public LifecycleOptions withJoinGate(JoinGate joinGate, Duration joinTimeout) {
    return new LifecycleOptions(
        joinAfter, joinGate, joinTimeout, finalSleep, clearTokens, versions, readiness);
  }

  public LifecycleOptions withFinalSleep(Duration finalSleep) {
    return new LifecycleOptions(
        joinAfter, joinGate, joinTimeout, finalSleep, clearTokens, versions, readiness);
  }

  public LifecycleOptions withClearTokens(boolean clearTokens) {
    return new LifecycleOptions(
        joinAfter, joinGate, joinTimeout, finalSleep, clearTokens, versions, readiness);
  }

  public LifecycleOptions withVersions(Map<Long, Long> versions) {
    return new LifecycleOptions(
        joinAfter, joinGate, joinTimeout, finalSleep, clearTokens, versions, readiness);
  }

  public LifecycleOptions withReadiness(Readiness.Config readiness) {
    return new LifecycleOptions(
        joinAfter, joinGate, joinTimeout, finalSleep, clearTokens, versions, readiness);
  }
}
