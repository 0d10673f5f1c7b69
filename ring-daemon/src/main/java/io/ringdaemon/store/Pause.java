package io.ringdaemon.store;

import io.ringdaemon.time.World;
import java.time.Duration;

/** Pauses before trying again: doubling from the first to the longest, each cut by up to half. */
final class Pause {
  private final World world;
  private final Duration first;
  private final Duration longest;
  private int tries;

  Pause(World world, Duration first, Duration longest) {
    this.world = world;
    this.first = first;
    this.longest = longest;
  }

  Duration next() {
    double whole =
        Math.min((double) longest.toNanos(), first.toNanos() * Math.pow(2, Math.min(tries++, 30)));
    return Duration.ofNanos((long) (whole * (0.5 + world.chance().nextDouble() / 2)));
  }

  void reset() {
    tries = 0;
  }
}
