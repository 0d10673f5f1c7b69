package io.ringdaemon.web.api;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.election.Obstacle;
import io.ringdaemon.election.WorkLease;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.EventStream;
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
  private static final int LONGEST_HOLDER = 128;

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
      String obstacle,
      @Nullable Previous previous) {}

  private record Previous(String leaderId, long epoch, String until, boolean ended) {}

  private record Lease(
      String ring,
      boolean granted,
      @Nullable String leaderId,
      long epoch,
      long leaseMillis,
      long waitMillis,
      String reason) {}

  private record Leading(String ring, boolean leader, @Nullable String leaderId, long epoch) {}

  /** As JSON, waiting for a change if asked to, or as a stream of changes. */
  CompletionStage<Response> leader(Request request) {
    RingStatus now = poll.ring(request);
    leadership(now);
    if (request.accepts("text/event-stream")) {
      return Response.events(new RingStream(service, now, request, this::event)).now();
    }
    return poll.answer(request, status -> Json.response(200, json(status)));
  }

  /** The id is the same on every node and after a restart: who leads with which epoch. */
  private EventStream.Event event(RingStatus status) {
    LeaderJson leader = json(status);
    String id = leader.epoch() + "-" + (leader.leaderId() == null ? "" : leader.leaderId());
    return new EventStream.Event(id, "leader", Json.write(leader));
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
        leadership.obstacle().map(Obstacle::text).orElse(""),
        service
            .predecessor(status.name())
            .map(
                before ->
                    new Previous(
                        before.leaderId(),
                        before.epoch(),
                        Json.time(before.until()),
                        before.ended()))
            .orElse(null));
  }

  /**
   * Whether {@code ?holder=} may do the leader's work here, up to {@code leaseMillis} after it
   * asked; to be asked again and again.
   */
  CompletionStage<Response> lease(Request request) {
    RingStatus status = standing(request);
    return service
        .lease(status.name(), holder(request))
        .thenApply(
            answer ->
                Json.response(
                    200,
                    new Lease(
                        status.name(),
                        answer.granted(),
                        service
                            .ring(status.name())
                            .flatMap(RingStatus::leadership)
                            .flatMap(now -> now.leaderAt(service.nanoTime()))
                            .map(Leadership.Leader::instanceId)
                            .orElse(null),
                        answer.epoch(),
                        answer.granted() ? WorkLease.LEASE.toMillis() : 0,
                        answer.pause().toMillis(),
                        answer.reason())));
  }

  /** The work of {@code ?holder=} has ended. */
  CompletionStage<Response> giveBack(Request request) {
    RingStatus status = standing(request);
    return service
        .giveBack(status.name(), holder(request))
        .thenApply(
            held -> {
              if (!held) {
                throw HttpProblem.notFound("this holder has no lease here").ofType("no-lease");
              }
              return Response.empty(204);
            });
  }

  private static String holder(Request request) {
    String holder = request.query().text("holder");
    if (holder.isEmpty() || holder.length() > LONGEST_HOLDER) {
      throw HttpProblem.badRequest(
          "holder is a name of 1 to " + LONGEST_HOLDER + " characters that nobody else uses");
    }
    return holder;
  }

  /** The ring asked for, if this node may ever lead it. */
  private RingStatus standing(Request request) {
    RingStatus status = poll.ring(request);
    if (leadership(status).selfId().isEmpty()) {
      throw new HttpProblem(
              409,
              "this node has no instance in ring %s (register: false), so it never leads"
                  .formatted(status.name()))
          .ofType("no-instance");
    }
    return status;
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
