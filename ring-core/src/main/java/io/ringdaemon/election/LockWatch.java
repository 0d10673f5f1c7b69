package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Claim;
import java.time.Duration;
import java.util.Optional;

/**
 * When to ask the store whether anybody holds the lock at all: its TTL ends long before an old
 * heartbeat tells that a leader is gone. Only the heir asks, so a ring costs its store one request
 * a second. Pure, confined to the loop.
 */
final class LockWatch {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Choice choice;
  private boolean asked;
  private long askedAt;

  LockWatch(Choice choice) {
    this.choice = choice;
  }

  /** The claim because of which to ask now. */
  Optional<Claim> question(Sight sight) {
    if (asked && sight.nanoTime() - askedAt < EVERY.toNanos()) {
      return Optional.empty();
    }
    Optional<Claim> held = sight.held().filter(claim -> choice.isHeir(claim.instanceId(), sight));
    if (held.isPresent()) {
      asked = true;
      askedAt = sight.nanoTime();
    }
    return held;
  }
}
