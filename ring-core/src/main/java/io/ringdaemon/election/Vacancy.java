package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Claim;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a seat has been without a sign of its holder, for {@code take_over_delay}: since this
 * node last saw it well, or first heard of its claim. Confined to the loop.
 */
final class Vacancy {
  private Optional<Claim> holder = Optional.empty();
  private long lastWell;
  private boolean left;
  private boolean lockless;

  void note(Sight sight) {
    Optional<Claim> now = sight.held();
    if (!now.equals(holder)) {
      holder = now;
      lastWell = sight.nanoTime();
      left = false;
      lockless = false;
    }
    if (!lockless && now.flatMap(sight::sitting).filter(one -> one.health().well()).isPresent()) {
      lastWell = sight.nanoTime();
    }
    left |= now.filter(sight::leaving).isPresent();
  }

  /** The holder of {@code claim} has lost the store's lock; that it looks well means nothing. */
  void lockless(Claim claim) {
    lockless = holder.equals(Optional.of(claim));
  }

  boolean isLockless(Claim claim) {
    return lockless && holder.equals(Optional.of(claim));
  }

  /** Whether another may claim now: the delay is over, or the holder left by itself. */
  boolean over(Duration delay, Sight sight) {
    return left || holder.isEmpty() || sight.nanoTime() - lastWell >= delay.toNanos();
  }
}
