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

  void note(Sight sight) {
    Optional<Claim> now = sight.held();
    if (!now.equals(holder)) {
      holder = now;
      lastWell = sight.nanoTime();
      left = false;
    }
    if (now.flatMap(sight::sitting).filter(one -> one.health().well()).isPresent()) {
      lastWell = sight.nanoTime();
    }
    left |= now.filter(sight::leaving).isPresent();
  }

  /** Whether another may claim now: the delay is over, or the holder left by itself. */
  boolean over(Duration delay, Sight sight) {
    return left || holder.isEmpty() || sight.nanoTime() - lastWell >= delay.toNanos();
  }
}
