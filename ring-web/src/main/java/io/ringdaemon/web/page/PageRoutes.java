package io.ringdaemon.web.page;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.ring.Instance;
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

  /** 404 that says which rings there are. */
  public static HttpProblem unknownRing(Service service, String name) {
    List<String> rings = service.rings().stream().map(RingStatus::name).toList();
    return HttpProblem.notFound(
            "there is no ring " + name + " here; rings: " + String.join(", ", rings))
        .ofType("unknown-ring")
        .with("rings", rings);
  }

  public Response overview(Request request) {
    return Response.html(200, OverviewPage.render(service));
  }

  /** The members of the mesh, or with {@code ?viewKey=} the value of a key. */
  public Response members(Request request) {
    Optional<String> key = request.query().first("viewKey");
    if (key.isEmpty()) {
      return Response.html(200, MembersPage.render(service));
    }
    return service
        .keyText(key.get())
        .map(text -> Response.text(200, text))
        .orElseThrow(() -> HttpProblem.notFound("there is no key " + key.get() + " here"));
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
            status.name(),
            forgetting(ids),
            Service.Terms.of(request.remote() + " by the ring page"))
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
