package io.ringdaemon.web.page;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Params;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What browsers ask for. */
public final class PageRoutes {
  private final Service service;

  public PageRoutes(Service service) {
    this.service = service;
  }

  /** The ring a path names; {@code /ring} is the first one. */
  public RingStatus ring(Request request) {
    if (!request.pathParams().containsKey("name")) {
      return service.rings().stream()
          .findFirst()
          .orElseThrow(() -> HttpProblem.notFound("no ring is configured"));
    }
    String name = request.pathParam("name");
    return service.ring(name).orElseThrow(() -> unknownRing(service, name));
  }

  /** 404 that says which rings there are; 503 while there is none yet. */
  public static HttpProblem unknownRing(Service service, String name) {
    List<String> rings = service.rings().stream().map(RingStatus::name).toList();
    if (rings.isEmpty()) {
      return new HttpProblem(503, "this daemon is starting; ask again in a moment")
          .ofType("starting");
    }
    return HttpProblem.notFound(
            "there is no ring " + name + " here; rings: " + String.join(", ", rings))
        .ofType("unknown-ring")
        .with("rings", rings);
  }

  public Response overview(Request request) {
    return Response.html(200, OverviewPage.render(service));
  }

  /**
   * The members of the mesh; with {@code ?viewKey=} the value of a key, with {@code ?viewMsg=} one
   * of the last messages, with {@code ?deleteKey=} the question whether that key shall go.
   */
  public Response members(Request request) {
    Params query = request.query();
    if (query.has("viewKey")) {
      String key = query.text("viewKey");
      return service
          .keyText(key)
          .map(text -> Response.text(200, text))
          .orElseThrow(() -> noKey(key));
    }
    if (query.has("viewMsg")) {
      return service
          .messageText(messageId(query.text("viewMsg")))
          .map(text -> Response.text(200, text))
          .orElseThrow(() -> HttpProblem.notFound("this message is no longer among the last ones"));
    }
    return query.has("deleteKey")
        ? Response.html(200, DeleteKeyPage.render(service, key(query.text("deleteKey")), ""))
        : Response.html(200, MembersPage.render(service));
  }

  private static long messageId(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException wrong) {
      throw HttpProblem.badRequest("viewMsg takes the number of a message, not " + text);
    }
  }

  private KeyStatus key(String name) {
    return service.keys().stream()
        .filter(known -> known.key().equals(name) && !known.deleted())
        .findFirst()
        .orElseThrow(() -> noKey(name));
  }

  private static HttpProblem noKey(String key) {
    return HttpProblem.notFound("there is no key " + key + " here");
  }

  /** Deletes a key of the gossip store; {@code typed} must be its name once more. */
  public CompletionStage<Response> deleteKey(Request request) {
    KeyStatus key = key(request.form().text("deleteKey"));
    if (!request.form().text("typed").strip().equals(key.key().strip())) {
      String wrong = "What you typed is not its name; nothing was changed.";
      return Response.html(400, DeleteKeyPage.render(service, key, wrong)).now();
    }
    return service
        .deleteKey(key.key(), request.actor() + " by the members page")
        .thenApply(done -> new Response(302, java.util.Map.of("Location", "/memberlist"), ""));
  }

  public Response ringPage(Request request) {
    RingStatus status = ring(request);
    Optional<String> confirm = request.query().first("confirm");
    if (confirm.isPresent()) {
      return confirm(status, confirm.get(), 200, "");
    }
    return Response.html(200, RingPage.render(service, status, RingQuery.of(request.query())));
  }

  private Response confirm(RingStatus status, String id, int code, String wrong) {
    Instance instance =
        status.ring().instance(id).orElseThrow(() -> notThere(status.name(), List.of(id)));
    return Response.html(code, ConfirmPage.render(service, status, instance, wrong));
  }

  /**
   * Forgets as dskit's page does, all or none. Our own pages say more: {@code expect=unhealthy}, if
   * what looked dead may have come back meanwhile, and {@code typed}, the id once more.
   */
  public CompletionStage<Response> forget(Request request) {
    RingStatus status = ring(request);
    Params form = request.form();
    List<String> ids = form.has("forget") ? form.all("forget") : request.query().all("forget");
    if (ids.isEmpty()) {
      throw HttpProblem.badRequest("the form lacks the field forget: an instance's id");
    }
    List<String> absent = ids.stream().filter(id -> status.ring().instance(id).isEmpty()).toList();
    if (!absent.isEmpty()) {
      throw notThere(status.name(), absent);
    }
    Optional<String> typed = form.first("typed");
    if (typed.isPresent() && !typed.get().strip().equals(ids.get(0).strip())) {
      return confirm(status, ids.get(0), 400, "What you typed is not its id; nothing was changed.")
          .now();
    }
    Optional<String> back =
        ids.stream()
            .filter(
                id -> status.ring().instance(id).filter(one -> one.health().healthy()).isPresent())
            .findFirst();
    if (back.isPresent() && form.text("expect").equals("unhealthy")) {
      return confirm(status, back.get(), 409, "It has come back meanwhile; nothing was changed.")
          .now();
    }
    return service
        .change(
            status.name(), forgetting(ids), Service.Terms.of(request.actor() + " by the ring page"))
        .thenApply(
            result -> {
              if (result.outcome() != Result.Outcome.DONE) {
                throw new HttpProblem(409, result.why() + "; nothing was changed");
              }
              if (result.forgotten().isEmpty() && !result.unknown().isEmpty()) {
                throw notThere(status.name(), result.unknown());
              }
              return new Response(302, java.util.Map.of("Location", "#"), "");
            });
  }

  private static Change forgetting(List<String> ids) {
    try {
      return new Change.Forget(ids, true);
    } catch (IllegalArgumentException tooMany) {
      throw HttpProblem.badRequest(String.valueOf(tooMany.getMessage()));
    }
  }

  private static HttpProblem notThere(String ring, List<String> ids) {
    return HttpProblem.notFound(
            "%s %s not in the %s ring; nothing was changed"
                .formatted(Words.names(ids), ids.size() == 1 ? "is" : "are", ring))
        .ofType("unknown-instance")
        .with("unknown", ids);
  }

  public Response asset(Request request) {
    Assets.Asset asset =
        Assets.INSTANCE
            .named(request.pathParam("file"))
            .orElseThrow(() -> HttpProblem.notFound("there is nothing at " + request.path()));
    String caching =
        request.query().has("v") ? "public, max-age=31536000, immutable" : "public, max-age=300";
    return Response.of(200, asset.type(), asset.text()).with("Cache-Control", caching);
  }
}
