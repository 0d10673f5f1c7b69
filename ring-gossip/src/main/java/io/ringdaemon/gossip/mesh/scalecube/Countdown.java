package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits until several frames are delivered or lost, or a time has passed; then says once how many
 * were delivered. Confined to the loop, except the deliveries.
 */
final class Countdown {
  private final World world;
  private final Duration longest;
  private final IntConsumer done;
  private final AtomicBoolean said = new AtomicBoolean();
  private int open = 1; // released by begin()
  private int delivered;
  private Loop.@Nullable Timer timer;

  Countdown(World world, Duration longest, IntConsumer done) {
    this.world = world;
    this.longest = longest;
    this.done = done;
  }

  /** A further frame to wait for. */
  Wire.Delivery one() {
    open++;
    return new Wire.Delivery() {
      @Override
      public void written() {
        world.loop().execute(() -> settle(1));
      }

      @Override
      public void lost(String why) {
        world.loop().execute(() -> settle(0));
      }
    };
  }

  /** All frames are under way. */
  void begin() {
    timer = world.loop().after(longest, this::finish);
    settle(0);
  }

  private void settle(int more) {
    delivered += more;
    open--;
    if (open == 0) {
      finish();
    }
  }

  private void finish() {
    if (said.compareAndSet(false, true)) {
      if (timer != null) {
        timer.cancel();
      }
      done.accept(delivered);
    }
  }
}
