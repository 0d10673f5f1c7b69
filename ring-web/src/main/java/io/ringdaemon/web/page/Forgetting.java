package io.ringdaemon.web.page;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.Sighting;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Params;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Forgetting by form, all or none: as dskit's page does, with {@code forget} alone. Our own pages
 * say more: {@code expect=unhealthy}, if what looked dead may have come back meanwhile; {@code
 * typed}, the id (or of several their number) once more; {@code everywhere=true}, in all rings that
 * list them; {@code from=page}, to be shown what became of it on every node. {@code ask=selected}
 * with {@code select} changes nothing but asks.
 */
final class Forgetting {
  private final Service service;
  private final Outcomes outcomes;

  Forgetting(Service service, Outcomes outcomes) {
    this.service = service;
    this.outcomes = outcomes;
  }

  /** The question about all that are unhealthy now, as many as one change may name. */
  Response askUnhealthy(RingStatus status) {
    List<String> ids =
        status.ring().instances().stream()
            .filter(one -> !one.health().healthy())
            .map(Instance::id)
            .limit(Change.MOST_IDS)
            .toList();
    if (ids.isEmpty()) {
      throw new HttpProblem(409, "nobody is unhealthy now; nothing to forget");
    }
    return ask(status, ids, 200, "");
  }

  Response ask(RingStatus status, List<String> ids, int code, String wrong) {
    List<Instance> whom = ids.stream().flatMap(id -> status.ring().instance(id).stream()).toList();
    if (whom.size() < ids.size()) {
      throw notThere(
          status.name(), ids.stream().filter(id -> !status.ring().hasInstance(id)).toList());
    }
    return Response.html(code, ForgetPage.render(service, status, whom, wrong));
  }

  CompletionStage<Response> submit(RingStatus status, Request request) {
    Params form = request.form();
    if (form.text("ask").equals("selected") && !form.has("forget")) {
      return askSelected(status, form).now();
    }
    List<String> ids =
        (form.has("forget") ? form.all("forget") : request.query().all("forget"))
            .stream().distinct().toList();
    if (ids.isEmpty()) {
      throw HttpProblem.badRequest("the form lacks the field forget: an instance's id");
    }
    List<String> absent = ids.stream().filter(id -> !status.ring().hasInstance(id)).toList();
    if (!absent.isEmpty()) {
      throw notThere(status.name(), absent);
    }
    Optional<Response> refused = refused(status, form, ids);
    return refused.isPresent() ? refused.get().now() : forget(status, form, ids, request.actor());
  }

  private Response askSelected(RingStatus status, Params form) {
    List<String> ids = form.all("select").stream().distinct().toList();
    if (ids.isEmpty()) {
      throw HttpProblem.badRequest("nothing is selected: tick the instances to forget first");
    }
    return ask(status, ids, 200, "");
  }

  private Optional<Response> refused(RingStatus status, Params form, List<String> ids) {
    Optional<String> typed = form.first("typed");
    String expected = ids.size() == 1 ? ids.get(0).strip() : Integer.toString(ids.size());
    if (typed.isPresent() && !typed.get().strip().equals(expected)) {
      String wrong =
          ids.size() == 1
              ? "What you typed is not its id; nothing was changed."
              : "What you typed is not their number; nothing was changed.";
      return Optional.of(ask(status, ids, 400, wrong));
    }
    List<String> back =
        ids.stream()
            .filter(
                id -> status.ring().instance(id).filter(one -> one.health().healthy()).isPresent())
            .toList();
    if (!back.isEmpty() && form.text("expect").equals("unhealthy")) {
      String wrong =
          ids.size() == 1
              ? "It has come back meanwhile; nothing was changed."
              : Words.names(back) + " came back meanwhile; nothing was changed.";
      return Optional.of(ask(status, ids, 409, wrong));
    }
    return Optional.empty();
  }

  private CompletionStage<Response> forget(
      RingStatus status, Params form, List<String> ids, String actor) {
    Service.Terms terms = Service.Terms.of(actor + " by the ring page");
    boolean ours = form.text("from").equals("page");
    Instant at = service.node().now();
    Map<String, List<String>> others =
        form.text("everywhere").equals("true") ? others(status, form, ids) : Map.of();
    return service
        .change(status.name(), forgetting(ids), terms)
        .thenCompose(
            result -> {
              check(status, result);
              return everywhere(others, terms)
                  .thenCompose(
                      done ->
                          ours
                              ? told(status, result, List.copyOf(others.keySet()), at)
                              : CompletableFuture.completedStage("#"));
            })
        .thenApply(to -> new Response(302, Map.of("Location", to), ""));
  }

  /** What to forget in other rings: if they were said to be unhealthy, only those that are. */
  private Map<String, List<String>> others(RingStatus status, Params form, List<String> ids) {
    boolean unhealthy = form.text("expect").equals("unhealthy");
    Map<String, List<String>> others = new LinkedHashMap<>();
    for (RingStatus ring : service.rings()) {
      List<String> there =
          ids.stream()
              .flatMap(id -> ring.ring().instance(id).stream())
              .filter(one -> !unhealthy || !one.health().healthy())
              .map(Instance::id)
              .toList();
      if (!ring.name().equals(status.name()) && !there.isEmpty()) {
        others.put(ring.name(), there);
      }
    }
    return others;
  }

  private CompletionStage<Void> everywhere(Map<String, List<String>> rings, Service.Terms terms) {
    return CompletableFuture.allOf(
        rings.entrySet().stream()
            .map(ring -> service.change(ring.getKey(), forgetAny(ring.getValue()), terms))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new));
  }

  private static Change forgetAny(List<String> ids) {
    return new Change.Forget(ids, false);
  }

  private static void check(RingStatus status, Result result) {
    if (result.outcome() != Result.Outcome.DONE) {
      throw new HttpProblem(409, result.why() + "; nothing was changed");
    }
    if (result.forgotten().isEmpty() && !result.unknown().isEmpty()) {
      throw notThere(status.name(), result.unknown());
    }
  }

  /** Looks on every node; then where that can be read. */
  private CompletionStage<String> told(
      RingStatus status, Result result, List<String> others, Instant at) {
    List<String> dead = new ArrayList<>(result.forgotten());
    dead.removeAll(result.living());
    CompletionStage<List<Sighting>> looked =
        dead.isEmpty()
            ? CompletableFuture.completedStage(List.of())
            : service.gone(status.name(), dead);
    return looked.thenApply(
        nodes ->
            Paths.ring(status.name())
                + "?done="
                + outcomes.add(
                    status.name(), result.forgotten(), result.living(), nodes, others, at));
  }

  private static Change forgetting(List<String> ids) {
    try {
      return new Change.Forget(ids, true);
    } catch (IllegalArgumentException tooMany) {
      throw HttpProblem.badRequest(String.valueOf(tooMany.getMessage()));
    }
  }

  static HttpProblem notThere(String ring, List<String> ids) {
    return HttpProblem.notFound(
            "%s %s not in the %s ring; nothing was changed"
                .formatted(Words.names(ids), ids.size() == 1 ? "is" : "are", ring))
        .ofType("unknown-instance")
        .with("unknown", ids);
  }
}
