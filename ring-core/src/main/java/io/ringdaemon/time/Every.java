package io.ringdaemon.time;

import java.time.Duration;

/**
 * A task that runs again and again on the loop, each time after a fresh pause of the period plus or
 * minus a share of jitter, so that nodes started together don't stay in step. Confined to the loop.
 */
public final class Every {
  private final World world;
  private final Duration period;
  private final double jitter;
  private final Runnable task;
  private boolean stopped;
  private Loop.Timer next;

  private Every(World world, Duration period, double jitter, Runnable task) {
    this.world = world;
    this.period = period;
    this.jitter = jitter;
    this.task = task;
    this.next = world.loop().after(pause(), this::run);
  }

  /**
   * Starts; the first run is one period from now. {@code jitter} is a share of the period, 0..1.
   */
  public static Every start(World world, Duration period, double jitter, Runnable task) {
    return new Every(world, period, jitter, task);
  }

  public void stop() {
    stopped = true;
    next.cancel();
  }

  private void run() {
    if (stopped) {
      return;
    }
    next = world.loop().after(pause(), this::run);
    task.run();
  }

  private Duration pause() {
    double stretch = jitter == 0 ? 1 : 1 + jitter * (2 * world.chance().nextDouble() - 1);
    return Duration.ofNanos(Math.max(1, (long) (period.toNanos() * stretch)));
  }
}
