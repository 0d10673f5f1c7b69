package io.ringdaemon.daemon.local;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.Loop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The daemon's loop: one thread, on Netty's executor. A task that throws is counted and logged; the
 * others go on.
 */
public final class NettyLoop implements Loop {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon.loop");

  private final DefaultEventExecutor executor =
      new DefaultEventExecutor(new DefaultThreadFactory("ring-loop", true));
  private final LongAdder failures;
  private final Latency lateness;

  public NettyLoop(Metrics metrics) {
    failures =
        metrics.counter(
            "ring_daemon_loop_failures_total", "Tasks of the loop that threw: a bug each");
    lateness =
        metrics.latency("ring_daemon_loop_lateness_seconds", "How much later than due timers ran");
    metrics.gauge(
        "ring_daemon_loop_queued_tasks", "Tasks waiting for the loop", executor::pendingTasks);
  }

  @Override
  public boolean inside() {
    return executor.inEventLoop();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    if (!executor.isShuttingDown()) {
      executor.execute(() -> run(task));
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    if (executor.isShuttingDown()) {
      return () -> {};
    }
    long due = nanoTime() + delay.toNanos();
    Future<?> planned =
        executor.schedule(
            () -> {
              lateness.record(nanoTime() - due);
              run(task);
            },
            delay.toNanos(),
            TimeUnit.NANOSECONDS);
    return () -> planned.cancel(false);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | AssertionError bug) {
      failures.increment();
      LOG.log(Level.ERROR, "a task of the loop failed", bug);
    }
  }

  /** Ends the thread; what is planned never runs. */
  public void stop() {
    var unused = executor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
