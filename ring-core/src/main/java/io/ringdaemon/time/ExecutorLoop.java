package io.ringdaemon.time;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A loop on the one thread of an executor that the caller made and ends: for programs that use the
 * rules without the daemon. Logs what tasks throw.
 *
 * <p><b>Threading:</b> as {@link Loop} says, if the executor has one thread.
 */
public final class ExecutorLoop implements Loop {
  private static final System.Logger LOG = System.getLogger(ExecutorLoop.class.getName());

  private final ScheduledExecutorService executor;
  private volatile @Nullable Thread running;

  /** {@code executor} has exactly one thread. */
  public ExecutorLoop(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  @Override
  public boolean inside() {
    return Thread.currentThread().equals(running);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(() -> run(task));
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    var planned = executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> planned.cancel(false);
  }

  private void run(Runnable task) {
    running = Thread.currentThread();
    try {
      task.run();
    } catch (RuntimeException failed) {
      LOG.log(Level.ERROR, "a task of the loop failed", failed);
    } finally {
      running = null;
    }
  }
}
