package io.ringdaemon.web.api;

import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.EventStream;
import io.ringdaemon.web.http.Request;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Follows a ring: an event now and each time its id is another one. A client that comes again says
 * the last id it had and isn't told the same twice. Changes faster than this node looks are folded
 * into one.
 */
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
    AtomicReference<String> told = new AtomicReference<>(lastId);
    return new RingFollower(
            service,
            WAIT,
            status -> {
              Event event = toEvent.apply(status);
              if (!event.id().equals(told.getAndSet(event.id()))) {
                sink.send(event);
              }
            })
        .from(first);
  }
}
