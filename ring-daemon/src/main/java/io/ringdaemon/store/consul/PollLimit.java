package io.ringdaemon.store.consul;

import java.time.Duration;

/**
 * A token bucket: how often a watch may ask. A key that many write would else be sent to every
 * watcher with each write. Pure, confined to the loop.
 */
final class PollLimit {
  private final ConsulConfig.WatchRate rate;
  private double left;
  private long countedAt;

  PollLimit(ConsulConfig.WatchRate rate, long nanoTime) {
    this.rate = rate;
    this.left = rate.burst();
    this.countedAt = nanoTime;
  }

  /** Takes a token; how long to wait until it is there. */
  Duration take(long nanoTime) {
    if (rate.perSecond() <= 0) {
      return Duration.ZERO;
    }
    double earned = (nanoTime - countedAt) / 1e9 * rate.perSecond();
    countedAt = nanoTime;
    // Who gave up waiting does not make the next wait for two.
    left = Math.max(Math.min(rate.burst(), left + earned) - 1, -1);
    return left >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-left / rate.perSecond() * 1e9));
  }
}
