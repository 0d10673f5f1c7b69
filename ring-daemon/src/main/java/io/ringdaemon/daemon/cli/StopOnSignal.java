package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.assembly.Daemon;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The first signal leaves the rings and the mesh, at most {@link #LONGEST_LEAVE_SECONDS}; another
 * one more than a second later ends the process at once. A signal before the daemon is up ends it
 * at once too.
 */
final class StopOnSignal {
  private static final Logger LOG = System.getLogger(StopOnSignal.class.getName());
  private static final long LONGEST_LEAVE_SECONDS = 15;
  private static final int ENDED_BY_TERM = 143;
  private static final int ENDED_BY_INT = 130;

  private final AtomicReference<@Nullable Long> firstAt = new AtomicReference<>();
  private volatile @Nullable Daemon daemon;

  void watch() {
    Signals.handle(this::onSignal, "TERM", "INT");
  }

  void started(Daemon running) {
    daemon = running;
  }

  private void onSignal(String name) {
    int code = name.equals("INT") ? ENDED_BY_INT : ENDED_BY_TERM;
    Daemon running = daemon;
    if (running == null) {
      Runtime.getRuntime().halt(code);
      return;
    }
    long now = System.nanoTime();
    Long first = firstAt.compareAndExchange(null, now);
    if (first == null) {
      LOG.log(Level.INFO, "leaving signal={0}", name);
      leave(running, code);
    } else if (now - first > TimeUnit.SECONDS.toNanos(1)) {
      LOG.log(Level.WARNING, "ending at once signal={0}", name);
      Runtime.getRuntime().halt(code);
    }
  }

  private static void leave(Daemon running, int code) {
    running
        .leave()
        .toCompletableFuture()
        .orTimeout(LONGEST_LEAVE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(
            failure -> {
              LOG.log(Level.ERROR, "left uncleanly", failure);
              Runtime.getRuntime().halt(code);
              return null;
            });
  }
}
