package io.ringdaemon.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Time, the loop and chance, injected. Made in {@code Daemon} (real) and in {@code Simulation}
 * (virtual), nowhere else. Wall time ({@code clock}) is for timestamps in the ring, elapsed time
 * ({@code loop.nanoTime()}) for timeouts.
 */
public record World(InstantSource clock, Loop loop, RandomGenerator chance) {
  /** Wall time. */
  public Instant now() {
    return clock.instant();
  }

  /** Elapsed time in nanoseconds. */
  public long nanoTime() {
    return loop.nanoTime();
  }
}
