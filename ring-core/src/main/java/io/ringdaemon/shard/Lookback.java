package io.ringdaemon.shard;

import java.time.Duration;
import java.time.Instant;

/**
 * How far back a shard must reach: it then holds whoever belonged to it at some moment since {@code
 * now - period}, for reading what was written meanwhile (reference/ring-semantics.md 5.7).
 */
public record Lookback(Duration period, Instant now) {
  public Lookback {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("lookback period must be positive, not " + period);
    }
  }

  /** Start of the window in Unix seconds, rounded down as the ring's timestamps are. */
  long since() {
    return now.minus(period).getEpochSecond();
  }
}
