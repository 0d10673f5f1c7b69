package io.ringdaemon.web.page;

import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.EventStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Tells an open page every two seconds, and at once when a ring changes, how things stand: the mark
 * of what the page shows. A page with another mark loads itself again. The beat comes from the
 * daemon's loop, so one that stands still is noticed too.
 */
final class PageStream implements EventStream {
  private static final Duration BEAT = Duration.ofSeconds(2);

  private final Service service;
  private final String ring;

  /** {@code ring}: the one that is followed; empty: all of them, and the members. */
  PageStream(Service service, String ring) {
    this.service = service;
    this.ring = ring;
  }

  /** Changes when a page of {@code ring} (or, if that is empty, of the node) would. */
  static String mark(Service service, String ring) {
    if (!ring.isEmpty()) {
      return service.ring(ring).map(status -> Long.toString(status.index())).orElse("gone");
    }
    StringBuilder all = new StringBuilder();
    for (RingStatus status : service.rings()) {
      all.append(status.index()).append(status.alerts()).append(' ');
    }
    for (MemberStatus member : service.members()) {
      all.append(member.name()).append(member.life()).append(member.state()).append(' ');
    }
    all.append(service.notReady()).append(service.node().alerts());
    return Integer.toHexString(all.toString().hashCode());
  }

  @Override
  public Runnable open(Sink sink) {
    Following following = new Following(sink);
    following.tell();
    return following::stop;
  }

  /** One client's. */
  private final class Following {
    private final Sink sink;
    private volatile List<CompletableFuture<RingStatus>> waits = List.of();
    private volatile boolean stopped;

    Following(Sink sink) {
      this.sink = sink;
    }

    void tell() {
      String mark = mark(service, ring);
      sink.send(new Event(mark, "beat", mark));
      List<CompletableFuture<RingStatus>> next =
          service.rings().stream()
              .filter(status -> ring.isEmpty() || status.name().equals(ring))
              .map(
                  status ->
                      service.changed(status.name(), status.index(), BEAT).toCompletableFuture())
              .toList();
      waits = next;
      if (stopped) {
        cancel(); // the client went meanwhile
      }
      var unused =
          CompletableFuture.anyOf(next.toArray(CompletableFuture[]::new))
              .thenRun(
                  () -> {
                    cancel();
                    if (!stopped) {
                      tell();
                    }
                  });
    }

    void stop() {
      stopped = true;
      cancel();
    }

    private void cancel() {
      waits.forEach(wait -> wait.cancel(false));
    }
  }
}
