package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Makes scalecube run on a node's virtual loop: each cluster's scheduler is a view on the loop on
 * which it was started. Global to the JVM, so such tests never run in parallel. Source:
 * reference/scalecube.md 4.6.
 */
final class VirtualSchedulers implements Schedulers.Factory {
  private final List<OnLoop> made = new ArrayList<>();
  private @Nullable Loop starting;

  /** Runs {@code task}; schedulers made meanwhile live on {@code loop}. */
  void on(Loop loop, Runnable task) {
    starting = loop;
    try {
      task.run();
    } finally {
      starting = null;
    }
  }

  @Override
  public Scheduler newSingle(ThreadFactory threads) {
    if (starting == null) {
      throw new IllegalStateException("a scheduler outside any node");
    }
    OnLoop scheduler = new OnLoop(starting);
    made.add(scheduler);
    return scheduler;
  }

  /** What scalecube has planned and will plan on this node's present scheduler never happens. */
  void deafen(Loop loop) {
    made.stream().filter(one -> one.loop == loop).forEach(one -> one.deaf = true);
  }

  private static final class OnLoop implements Scheduler {
    private boolean deaf;
    private final Loop loop;
    private final Disposable.Composite all = Disposables.composite();

    private OnLoop(Loop loop) {
      this.loop = loop;
    }

    @Override
    public Disposable schedule(Runnable task) {
      return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      if (all.isDisposed()) {
        throw Exceptions.failWithRejected();
      }
      Loop.Timer timer =
          loop.after(Duration.ofNanos(unit.toNanos(delay)), () -> runUnlessDisposed(task));
      return timer::cancel;
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long delay, long period, TimeUnit unit) {
      Disposable.Swap next = Disposables.swap();
      next.update(
          schedule(
              () -> {
                if (!next.isDisposed()) {
                  next.update(schedulePeriodically(task, period, period, unit));
                  task.run();
                }
              },
              delay,
              unit));
      return next;
    }

    @Override
    public long now(TimeUnit unit) {
      return unit.convert(loop.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
      return new Worker() {
        private final Disposable.Composite mine = Disposables.composite();

        @Override
        public Disposable schedule(Runnable task) {
          return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
          return OnLoop.this.schedule(
              () -> {
                if (!mine.isDisposed()) {
                  task.run();
                }
              },
              delay,
              unit);
        }

        @Override
        public void dispose() {
          mine.dispose();
        }

        @Override
        public boolean isDisposed() {
          return mine.isDisposed();
        }
      };
    }

    @Override
    public void dispose() {
      all.dispose();
    }

    @Override
    public boolean isDisposed() {
      return all.isDisposed();
    }

    private void runUnlessDisposed(Runnable task) {
      if (!all.isDisposed() && !deaf) {
        task.run();
      }
    }
  }
}
