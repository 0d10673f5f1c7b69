package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Beats twice per ping timeout and so notices when the loop stood still for longer than one: peers
 * may have given us up, and our view is stale. Source: reference/scalecube.md 5.3. Confined to the
 * loop.
 */
final class Pulse {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final World world;
  private final Duration tolerated;
  private @Nullable Every beats;
  private long lastBeat;
  private long lastSecond;

  Pulse(World world, Duration tolerated) {
    this.world = world;
    this.tolerated = tolerated;
  }

  /** Time between two beats. */
  Duration period() {
    return tolerated.dividedBy(2);
  }

  void start(Runnable everyBeat, Runnable everySecond, Consumer<Duration> stoodStill) {
    Duration period = period();
    lastBeat = world.nanoTime();
    lastSecond = lastBeat;
    beats =
        Every.start(
            world,
            period,
            0,
            () -> {
              everyBeat.run();
              long now = world.nanoTime();
              Duration late = Duration.ofNanos(now - lastBeat).minus(period);
              lastBeat = now;
              if (late.compareTo(tolerated) > 0) {
                stoodStill.accept(late);
              }
              if (now - lastSecond >= SECOND) {
                lastSecond = now;
                everySecond.run();
              }
            });
  }

  void stop() {
    if (beats != null) {
      beats.stop();
    }
  }
}
