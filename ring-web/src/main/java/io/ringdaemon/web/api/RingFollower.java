package io.ringdaemon.web.api;

import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Tells of a ring for one client of a stream: now, at each change, and at the latest after some
 * time, until it is stopped.
 *
 * <p><b>Threading:</b> any thread; one call of {@code tell} at a time.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure ends the stream; the client comes again
final class RingFollower {
  private final Service service;
  private final Duration atLatest;
  private final Consumer<RingStatus> tell;
  private volatile CompletableFuture<RingStatus> change = new CompletableFuture<>();
  private volatile boolean stopped;

  RingFollower(Service service, Duration atLatest, Consumer<RingStatus> tell) {
    this.service = service;
    this.atLatest = atLatest;
    this.tell = tell;
  }

  /** Begins; what is returned stops it. */
  Runnable from(RingStatus status) {
    next(status);
    return this::stop;
  }

  private void next(RingStatus status) {
    tell.accept(status);
    CompletableFuture<RingStatus> next =
        service.changed(status.name(), status.index(), atLatest).toCompletableFuture();
    change = next;
    if (stopped) {
      next.cancel(false); // the client went meanwhile
    }
    next.thenAccept(this::next);
  }

  private void stop() {
    stopped = true;
    change.cancel(false);
  }
}
