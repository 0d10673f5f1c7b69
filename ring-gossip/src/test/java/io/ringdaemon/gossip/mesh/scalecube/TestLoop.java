package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** A loop on a thread of its own, for tests with real sockets. */
public final class TestLoop implements Loop, AutoCloseable {
  private volatile Thread thread;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            thread = new Thread(task, "test-loop");
            thread.setDaemon(true);
            return thread;
          });

  /** A world with this loop and the real clock. */
  public World world(long seed) {
    return new World(InstantSource.system(), this, new SplittableRandom(seed));
  }

  @Override
  public boolean inside() {
    return Thread.currentThread() == thread;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(guarded(task));
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Future<?> waiting = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> waiting.cancel(false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LoggerFactory.getLogger(TestLoop.class).error("a task on the loop failed", e);
      }
    };
  }
}
