package io.ringdaemon.web.api;

import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.EventStream;
import io.ringdaemon.web.http.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Follows what happens in a ring: {@code ring}, its summary, now and at each change, and {@code
 * event} for everything that happened. A client that comes again says the last id it had and is
 * told what came since, as far back as the ring remembers; ids are the same after a restart only in
 * their first part, the time, which then decides.
 */
final class RingEvents implements EventStream {
  /** Longest until an event is told that changed nothing a long poll would tell. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Service service;
  private final RingStatus first;
  private final String lastId;
  private final Function<RingStatus, ?> toSummary;

  RingEvents(
      Service service, RingStatus first, Request request, Function<RingStatus, ?> toSummary) {
    this.service = service;
    this.first = first;
    this.lastId = request.header("last-event-id").orElse("");
    this.toSummary = toSummary;
  }

  @Override
  public Runnable open(Sink sink) {
    return new RingFollower(service, LOOK, new Client(sink)::tell).from(first);
  }

  /** Time and a hash: unlike for different events, but for one in four billion of a millisecond. */
  static String id(RingStatus.Event event) {
    int hash = (event.kind() + '\0' + event.instance() + '\0' + event.text()).hashCode();
    return "%d-%08x".formatted(event.at().toEpochMilli(), hash);
  }

  /** Oldest first, those after {@code lastId}; all for an id that says nothing. */
  static List<RingStatus.Event> since(String lastId, List<RingStatus.Event> newestFirst) {
    List<RingStatus.Event> later = new ArrayList<>();
    long time = time(lastId);
    for (RingStatus.Event event : newestFirst) {
      if (id(event).equals(lastId) || event.at().toEpochMilli() < time) {
        break;
      }
      later.add(event);
    }
    Collections.reverse(later);
    return later;
  }

  private static long time(String id) {
    return id.matches("[0-9]{1,18}-[0-9a-f]{8}")
        ? Long.parseLong(id.substring(0, id.indexOf('-')))
        : Long.MIN_VALUE;
  }

  /** What one client has been told. */
  private final class Client {
    private final Sink sink;
    private String told = lastId;
    private String summary = "";

    Client(Sink sink) {
      this.sink = sink;
    }

    private void tell(RingStatus status) {
      for (RingStatus.Event event : since(told, status.events())) {
        told = id(event);
        sink.send(new Event(told, "event", Json.write(EventJson.of(event))));
      }
      String now = Json.write(toSummary.apply(status));
      if (!now.equals(summary)) {
        summary = now;
        sink.send(new Event(told, "ring", now));
      }
    }
  }
}
