package io.ringdaemon.web.api;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Rings and their instances as JSON. */
final class RingApi {
  /** A ring in a line. */
  record Summary(
      String ring,
      String version,
      @Nullable String leader,
      int instances,
      int healthy,
      String store,
      boolean registered) {}

  private record Rings(List<Summary> rings) {}

  private record RingJson(
      String ring,
      String version,
      @Nullable String leader,
      List<InstanceJson> instances,
      String self) {}

  private record Instances(String ring, List<InstanceJson> instances) {}

  private record Share(String id, String zone, int tokens, double share) {}

  private record Ownership(String ring, List<Share> instances) {}

  private record Events(String ring, List<EventJson> events) {}

  private final Service service;
  private final RingPoll poll;

  RingApi(Service service, RingPoll poll) {
    this.service = service;
    this.poll = poll;
  }

  Response rings(Request request) {
    return Json.response(200, new Rings(service.rings().stream().map(this::summary).toList()));
  }

  private Summary summary(RingStatus status) {
    Ring ring = status.ring();
    return new Summary(
        status.name(),
        ring.version(),
        leader(status),
        ring.instances().size(),
        (int) ring.instances().stream().filter(one -> one.health().healthy()).count(),
        status.store(),
        status.phase().isPresent() && ring.instance(status.selfId()).isPresent());
  }

  private @Nullable String leader(RingStatus status) {
    return status
        .leadership()
        .flatMap(leadership -> leadership.leaderAt(service.nanoTime()))
        .map(Leadership.Leader::instanceId)
        .orElse(null);
  }

  CompletionStage<Response> ring(Request request) {
    return poll.answer(
        request,
        status ->
            tagged(
                status,
                Json.response(
                    200,
                    new RingJson(
                        status.name(),
                        status.ring().version(),
                        leader(status),
                        instances(status, request),
                        status.selfId()))));
  }

  Response instances(Request request) {
    RingStatus status = poll.ring(request);
    return tagged(
        status, Json.response(200, new Instances(status.name(), instances(status, request))));
  }

  private static List<InstanceJson> instances(RingStatus status, Request request) {
    boolean tokens = request.query().text("tokens").equals("true");
    return status.ring().instances().stream().map(one -> InstanceJson.of(one, tokens)).toList();
  }

  private Response tagged(RingStatus status, Response response) {
    return response.with("ETag", RingTag.of(status, service.nanoTime()));
  }

  Response instance(Request request) {
    RingStatus status = poll.ring(request);
    String id = request.pathParam("id");
    Instance instance = status.ring().instance(id).orElseThrow(() -> unknown(status.name(), id));
    boolean tokens = request.query().text("tokens").equals("true");
    return tagged(status, Json.response(200, InstanceJson.of(instance, tokens)));
  }

  static HttpProblem unknown(String ring, String id) {
    return HttpProblem.notFound("there is no instance " + id + " in ring " + ring)
        .ofType("unknown-instance")
        .with("unknown", List.of(id));
  }

  Response ownership(Request request) {
    Ring ring = poll.ring(request).ring();
    double[] shares = ring.shares();
    List<Share> all = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      Instance one = ring.instances().get(i);
      all.add(new Share(one.id(), one.zone(), one.owned().size(), shares[i]));
    }
    return Json.response(200, new Ownership(ring.name(), all));
  }

  /** The last ones, newest first; or, as a stream, all of them, oldest first, and what follows. */
  CompletionStage<Response> events(Request request) {
    RingStatus status = poll.ring(request);
    if (request.accepts("text/event-stream")) {
      return Response.events(new RingEvents(service, status, request, this::summary)).now();
    }
    return Json.response(
            200, new Events(status.name(), status.events().stream().map(EventJson::of).toList()))
        .now();
  }
}
