package io.ringdaemon.time;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The one place where state changes. Tasks run one after the other, in the order given; timers fire
 * once, never early. A real loop is a thread ({@code NettyLoop}), a simulated one a queue of
 * virtual time.
 *
 * <p><b>Threading:</b> {@link #execute}, {@link #after}, {@link #inside} and {@link #nanoTime} may
 * be called from anywhere.
 */
public interface Loop extends Executor {
  /** Whether the caller runs on this loop. */
  boolean inside();

  /** Elapsed time in nanoseconds from an arbitrary origin: for timeouts. Never goes back. */
  long nanoTime();

  /** Runs {@code task} on the loop, later. An exception it throws is counted and logged. */
  @Override
  void execute(Runnable task);

  /** Runs {@code task} on the loop once, after {@code delay}. */
  Timer after(Duration delay, Runnable task);

  /** A task that has not run yet. */
  interface Timer {
    /** Harmless when the task has already run. */
    void cancel();
  }
}
