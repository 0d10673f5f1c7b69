package io.ringdaemon.web.api;

import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.EventStream;
import io.ringdaemon.web.http.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Follows a ring: an event now and each time its id is another one. A client that comes again says
 * the last id it had and isn't told the same twice. Changes faster than this node looks are folded
 * into one.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure ends the stream; the client comes again
final class RingStream implements EventStream {
  private static final Duration WAIT = Duration.ofMinutes(5);

  private final Service service;
  private final RingStatus first;
  private final String lastId;
  private final Function<RingStatus, Event> toEvent;

  RingStream(
      Service service, RingStatus first, Request request, Function<RingStatus, Event> toEvent) {
    this.service = service;
    this.first = first;
    this.lastId = request.header("last-event-id").orElse("");
    this.toEvent = toEvent;
  }

  @Override
  public Runnable open(Sink sink) {
    Following following = new Following(sink, lastId);
    following.tell(first);
    return following::stop;
  }

  /** One client's. */
  private final class Following {
    private final Sink sink;
    private String told;
    private volatile CompletableFuture<RingStatus> change = new CompletableFuture<>();
    private volatile boolean stopped;

    Following(Sink sink, String told) {
      this.sink = sink;
      this.told = told;
    }

    private void tell(RingStatus status) {
      Event event = toEvent.apply(status);
      if (!event.id().equals(told)) {
        told = event.id();
        sink.send(event);
      }
      CompletableFuture<RingStatus> next =
          service.changed(status.name(), status.index(), WAIT).toCompletableFuture();
      change = next;
      if (stopped) {
        next.cancel(false); // the client went meanwhile
      }
      next.thenAccept(this::tell);
    }

    private void stop() {
      stopped = true;
      change.cancel(false);
    }
  }
}
