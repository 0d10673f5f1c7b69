package io.ringdaemon.web.page;

import io.ringdaemon.web.KeyStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.Params;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What browsers ask for. */
public final class PageRoutes {
  private final Service service;
  private final Outcomes outcomes = new Outcomes();
  private final Forgetting forgetting;

  public PageRoutes(Service service) {
    this.service = service;
    this.forgetting = new Forgetting(service, outcomes);
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

  /** {@code page}, which a browser loads again each {@code ?refresh=} seconds (1 to 3600). */
  public static Response renewed(Request request, Response page) {
    String seconds = request.query().text("refresh");
    return seconds.matches("[1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|3600")
            && page.status() == 200
        ? page.with("Refresh", seconds)
        : page;
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
      boolean page = request.accepts("text/html") && !query.text("format").equals("text");
      return service
          .keyText(key)
          .map(
              text ->
                  page
                      ? Response.html(200, KeyPage.render(service, anyKey(key), text))
                      : Response.text(200, text))
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
    KeyStatus key = anyKey(name);
    if (key.deleted()) {
      throw noKey(name);
    }
    return key;
  }

  private KeyStatus anyKey(String name) {
    return service.keys().stream()
        .filter(known -> known.key().equals(name))
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

  /**
   * The ring; with {@code ?instance=} one of its instances, with {@code ?confirm=} (repeatable) or
   * {@code ?ask=unhealthy} the question whether they shall be forgotten.
   */
  public Response ringPage(Request request) {
    RingStatus status = ring(request);
    Params query = request.query();
    if (query.has("confirm")) {
      return forgetting.ask(status, query.all("confirm").stream().distinct().toList(), 200, "");
    }
    if (query.text("ask").equals("unhealthy")) {
      return forgetting.askUnhealthy(status);
    }
    if (query.has("instance")) {
      String id = query.text("instance");
      return status
          .ring()
          .instance(id)
          .map(one -> Response.html(200, InstancePage.render(service, status, one)))
          .orElseThrow(() -> Forgetting.notThere(status.name(), List.of(id)));
    }
    return Response.html(200, RingPage.render(service, status, RingQuery.of(query), outcomes));
  }

  /** Forgets as dskit's page does, all or none, and as ours does: {@link Forgetting}. */
  public CompletionStage<Response> forget(Request request) {
    return forgetting.submit(ring(request), request);
  }

  public Response health(Request request) {
    return Response.html(200, HealthPage.render(service));
  }

  /** For browsers; programs get YAML. */
  public Response configuration(Request request) {
    return Response.html(200, ConfigPage.render(service));
  }

  /** Server-sent events of an open page: of {@code ?ring=}, or of all. */
  public Response watch(Request request) {
    String name = request.query().text("ring");
    if (!name.isEmpty() && service.ring(name).isEmpty()) {
      throw unknownRing(service, name);
    }
    return service.rings().isEmpty()
        ? Response.empty(204)
        : Response.events(new PageStream(service, name));
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
