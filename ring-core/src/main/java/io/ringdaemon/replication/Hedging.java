package io.ringdaemon.replication;

import java.time.Duration;

/**
 * How many instances are asked at first (reference/ring-semantics.md 5.10).
 *
 * @param minimizeRequests ask as few as a quorum needs, and one more (instance, or zone) for each
 *     that fails; else ask all
 * @param delay with fewer: also ask one more each time so long has passed; zero: never
 */
public record Hedging(boolean minimizeRequests, Duration delay) {
  /** Ask all at once. */
  public static final Hedging ALL = new Hedging(false, Duration.ZERO);

  /** Ask as few as needed; another only when one fails. */
  public static final Hedging FEWEST = new Hedging(true, Duration.ZERO);

  public Hedging {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("hedging delay must not be negative, is " + delay);
    }
  }

  /** Ask as few as needed; another when one fails, and each time {@code delay} has passed. */
  public static Hedging after(Duration delay) {
    return new Hedging(true, delay);
  }
}
