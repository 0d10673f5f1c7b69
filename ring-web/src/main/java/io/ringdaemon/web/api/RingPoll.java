package io.ringdaemon.web.api;

import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import io.ringdaemon.web.page.PageRoutes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Answers with a ring's status, or, given {@code ?index=}, waits until it has changed. When the
 * client goes away the wait is cancelled, so that none piles up; 2,000 may wait.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the answer carries every failure
final class RingPoll {
  private static final Duration USUAL_WAIT = Duration.ofMinutes(5);

  private static final int MOST = 2000;

  private final Service service;
  private final AtomicInteger waiting = new AtomicInteger();

  RingPoll(Service service) {
    this.service = service;
  }

  /** The ring the path names; 404 without it. */
  RingStatus ring(Request request) {
    String name = request.pathParam("name");
    return service.ring(name).orElseThrow(() -> PageRoutes.unknownRing(service, name));
  }

  /** What that ring looks like; 404 without it. */
  Ring view(Request request) {
    String name = request.pathParam("name");
    return service.view(name).orElseThrow(() -> PageRoutes.unknownRing(service, name));
  }

  CompletionStage<Response> answer(Request request, Function<RingStatus, Response> toResponse) {
    RingStatus status = ring(request);
    String index = request.query().text("index");
    if (index.isEmpty()) {
      return withIndex(status, toResponse).now();
    }
    if (waiting.incrementAndGet() > MOST) {
      waiting.decrementAndGet();
      throw new HttpProblem(503, "too many wait for changes here; ask again without index")
          .ofType("too-many-waiting")
          .withHeader("Retry-After", "5");
    }
    Duration wait = request.query().first("wait").map(Numbers::wait).orElse(USUAL_WAIT);
    CompletableFuture<RingStatus> change =
        service.changed(status.name(), Numbers.index(index), wait).toCompletableFuture();
    CompletableFuture<Response> answer = change.thenApply(later -> withIndex(later, toResponse));
    answer.whenComplete(
        (response, failure) -> {
          waiting.decrementAndGet();
          if (answer.isCancelled()) {
            change.cancel(false);
          }
        });
    return answer;
  }

  private static Response withIndex(RingStatus status, Function<RingStatus, Response> toResponse) {
    return toResponse.apply(status).with("X-Ring-Index", Long.toString(status.index()));
  }
}
