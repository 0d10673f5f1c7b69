package io.ringdaemon.web.api;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.election.Obstacle;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import io.ringdaemon.web.page.PageRoutes;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who leads. A leadership read here is checked against elapsed time at the moment of answering, so
 * a process that was frozen never answers "I lead" from before its sleep.
 */
final class LeaderApi {
  private final Service service;
  private final RingPoll poll;

  LeaderApi(Service service, RingPoll poll) {
    this.service = service;
    this.poll = poll;
  }

  private record LeaderJson(
      String ring,
      @Nullable String leaderId,
      @Nullable String addr,
      String self,
      boolean isLeader,
      long epoch,
      String since,
      String strength,
      String policy,
      @Nullable String lowestTokenOwner,
      String obstacle) {}

  private record Leading(String ring, boolean leader, @Nullable String leaderId, long epoch) {}

  CompletionStage<Response> leader(Request request) {
    leadership(poll.ring(request));
    return poll.answer(request, status -> Json.response(200, json(status)));
  }

  private LeaderJson json(RingStatus status) {
    Leadership leadership = leadership(status);
    long nanoTime = service.nanoTime();
    Optional<Leadership.Leader> leader = leadership.leaderAt(nanoTime);
    return new LeaderJson(
        status.name(),
        leader.map(Leadership.Leader::instanceId).orElse(null),
        leader.map(Leadership.Leader::addr).orElse(null),
        leadership.selfId(),
        leadership.selfLeads(nanoTime),
        leadership.epoch(),
        Json.time(leadership.since()),
        leadership.strength(),
        leadership.policy(),
        leadership.lowestTokenOwner().orElse(null),
        leadership.obstacle().map(Obstacle::text).orElse(""));
  }

  private static Leadership leadership(RingStatus status) {
    return status
        .leadership()
        .orElseThrow(
            () ->
                HttpProblem.notFound(
                        "leader election is off for ring "
                            + status.name()
                            + "; see leader_election.enabled")
                    .ofType("no-election"));
  }

  /** For load balancers: 200 if this node leads, 503 if not. */
  Response leading(Request request) {
    Optional<String> name = request.query().first("ring");
    RingStatus status =
        name.isPresent()
            ? service
                .ring(name.get())
                .orElseThrow(() -> PageRoutes.unknownRing(service, name.get()))
            : service.rings().stream()
                .findFirst()
                .orElseThrow(() -> HttpProblem.notFound("no ring is configured"));
    Leadership leadership = leadership(status);
    long nanoTime = service.nanoTime();
    boolean leads = leadership.selfLeads(nanoTime);
    return Json.response(
        leads ? 200 : 503,
        new Leading(
            status.name(),
            leads,
            leadership.leaderAt(nanoTime).map(Leadership.Leader::instanceId).orElse(null),
            leadership.epoch()));
  }
}
