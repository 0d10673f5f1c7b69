package io.ringdaemon.web.api;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Changes of rings: forgetting, read-only, resigning. Each honours {@code If-Match} with the ring's
 * {@code ETag} (412 with the present version if it has moved on), and {@code Idempotency-Key}: a
 * retry under the same key repeats nothing for a minute.
 */
final class ChangeApi {
  private static final int LONGEST_KEY = 200;

  private record Forgotten(List<String> forgotten) {}

  private record Resigned(String ring, String resigned, long epoch) {}

  private final Service service;
  private final RingPoll poll;

  ChangeApi(Service service, RingPoll poll) {
    this.service = service;
    this.poll = poll;
  }

  /** Forgets one: 204 also when it was removed before, 404 when nobody ever heard of it. */
  CompletionStage<Response> forget(Request request) {
    RingStatus status = poll.ring(request);
    String id = request.pathParam("id");
    return change(request, status, new Change.Forget(List.of(id), false))
        .thenApply(
            result -> {
              if (result.unknown().contains(id)) {
                throw RingApi.unknown(status.name(), id);
              }
              return Response.empty(204);
            });
  }

  /** Forgets all that aren't healthy, at most a thousand at a time. */
  CompletionStage<Response> forgetUnhealthy(Request request) {
    if (!request.query().text("unhealthy").equals("true")) {
      throw HttpProblem.badRequest("to forget all unhealthy instances add ?unhealthy=true");
    }
    return change(request, poll.ring(request), new Change.ForgetUnhealthy())
        .thenApply(result -> Json.response(200, new Forgotten(result.forgotten())));
  }

  /** Body {@code true} or {@code false}: whether new keys should go elsewhere. */
  CompletionStage<Response> readOnly(Request request) {
    RingStatus status = poll.ring(request);
    String id = request.pathParam("id");
    String body = request.body().strip();
    if (!body.equals("true") && !body.equals("false")) {
      throw HttpProblem.badRequest("the body is true or false");
    }
    if (status.ring().instance(id).isEmpty()) {
      throw RingApi.unknown(status.name(), id);
    }
    return change(request, status, new Change.SetReadOnly(id, body.equals("true")))
        .thenApply(result -> Response.empty(204));
  }

  /** Asks whoever leads to step down; it abstains until another led, at most 30 s. */
  CompletionStage<Response> resign(Request request) {
    RingStatus status = poll.ring(request);
    Optional<Leadership.Leader> leader =
        status.leadership().flatMap(now -> now.leaderAt(service.nanoTime()));
    if (leader.isEmpty()) {
      throw new HttpProblem(409, "nobody leads ring " + status.name() + " now").ofType("no-leader");
    }
    String id = leader.get().instanceId();
    long epoch = leader.get().epoch();
    return change(request, status, new Change.Resign(id, epoch))
        .thenApply(result -> Json.response(200, new Resigned(status.name(), id, epoch)));
  }

  private CompletionStage<Result> change(Request request, RingStatus status, Change change) {
    String actor = request.actor() + " by the API";
    Service.Terms terms = new Service.Terms(actor, versions(request), key(request));
    return service.change(status.name(), change, terms).thenApply(ChangeApi::done);
  }

  private static Result done(Result result) {
    switch (result.outcome()) {
      case STALE ->
          throw new HttpProblem(412, result.why())
              .ofType("changed")
              .with("version", result.version())
              .withHeader("ETag", "\"" + result.version() + "\"");
      case REFUSED -> throw new HttpProblem(409, result.why()).ofType("refused");
      case DONE -> {}
    }
    return result;
  }

  private static String key(Request request) {
    String key = request.header("idempotency-key").orElse("");
    if (key.length() > LONGEST_KEY) {
      throw HttpProblem.badRequest("Idempotency-Key has at most " + LONGEST_KEY + " characters");
    }
    return key;
  }

  /** A weak tag never matches, as RFC 9110 has it; {@code *} matches whatever there is. */
  private static List<String> versions(Request request) {
    String header = request.header("if-match").orElse("*").strip();
    if (header.equals("*")) {
      return List.of();
    }
    List<String> versions = new ArrayList<>();
    for (String tag : header.split(",", -1)) {
      String one = tag.strip();
      boolean weak = one.startsWith("W/");
      String quoted = weak ? one.substring(2) : one;
      if (quoted.length() < 2 || !quoted.startsWith("\"") || !quoted.endsWith("\"")) {
        throw HttpProblem.badRequest(
            "If-Match is the ETag of the ring, in quotes, or *, not " + tag);
      }
      versions.add(weak ? one : RingTag.version(quoted.substring(1, quoted.length() - 1)));
    }
    if (versions.size() > 16) {
      throw HttpProblem.badRequest("If-Match names at most 16 versions");
    }
    return versions;
  }
}
