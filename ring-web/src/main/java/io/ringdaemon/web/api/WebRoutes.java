package io.ringdaemon.web.api;

import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.http.Access;
import io.ringdaemon.web.http.CsrfGuard;
import io.ringdaemon.web.http.Gate;
import io.ringdaemon.web.http.HttpHandler;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import io.ringdaemon.web.http.Router;
import io.ringdaemon.web.page.PageRoutes;
import java.util.function.Function;

/**
 * Every path there is and who answers it.
 *
 * <pre>{@code
 * var metrics = new PrometheusMetrics();            // first: the rules count there
 * var gate = new Gate(accounts, metrics);
 * var routes = WebRoutes.of(service, metrics, CsrfGuard.onlyHosts(names), gate);
 * new HttpServer(routes, release, metrics).start(host, port);
 * }</pre>
 */
public final class WebRoutes {
  private WebRoutes() {}

  /** Without credentials. */
  public static Router of(Service service, PrometheusMetrics metrics, CsrfGuard guard) {
    return of(service, metrics, guard, Gate.open(metrics));
  }

  /** All routes; also registers the gauges of the rings, so only once per {@code metrics}. */
  public static Router of(Service service, PrometheusMetrics metrics, CsrfGuard guard, Gate gate) {
    metrics.watch(service);
    Router router = new Router(guard, gate, new Problems(service), metrics, service::nanoTime);
    PageRoutes pages = new PageRoutes(service);
    pages(router, service, pages);
    rings(router, service);
    node(router, service, metrics, pages);
    return router;
  }

  private static void pages(Router router, Service service, PageRoutes pages) {
    HttpHandler ring =
        request ->
            (request.accepts("application/json")
                    ? dskit(service, pages.ring(request), request)
                    : PageRoutes.renewed(request, pages.ringPage(request)))
                .now();
    router
        .get("/", page(pages::overview))
        .get("/ring", ring)
        .post("/ring", pages::forget)
        .get("/{name}/ring", ring)
        .post("/{name}/ring", pages::forget)
        .get("/memberlist", page(pages::members))
        .post("/memberlist", pages::deleteKey)
        .get("/health", page(pages::health))
        .get("/watch", now(pages::watch))
        .get("/assets/{file}", now(pages::asset));
  }

  private static Response dskit(Service service, RingStatus status, Request request) {
    boolean tokens = !request.query().text("tokens").equals("false");
    return Response.streamed(
        200, "application/json", new DskitJson(status.ring(), service.node().now(), tokens));
  }

  private static void rings(Router router, Service service) {
    RingPoll poll = new RingPoll(service);
    RingApi rings = new RingApi(service, poll);
    ChangeApi changes = new ChangeApi(service, poll);
    OwnersApi owners = new OwnersApi(poll);
    ShardApi shards = new ShardApi(service, poll);
    LeaderApi leaders = new LeaderApi(service, poll);
    String ring = "/api/v1/rings/{name}";
    router
        .get("/api/v1/rings", now(rings::rings))
        .get(ring, rings::ring)
        .get(ring + "/instances", now(rings::instances))
        .on("DELETE", ring + "/instances", changes::forgetUnhealthy)
        .get(ring + "/instances/{id}", now(rings::instance))
        .on("DELETE", ring + "/instances/{id}", changes::forget)
        .on("PUT", ring + "/instances/{id}/read-only", changes::readOnly)
        .get(ring + "/owners", now(owners::one))
        .on("POST", ring + "/owners", Access.READ, now(owners::many))
        .get(ring + "/shuffle-shard", now(shards::shuffleShard))
        .get(ring + "/token-ranges/{id}", now(shards::tokenRanges))
        .get(ring + "/ownership", now(rings::ownership))
        .get(ring + "/events", rings::events)
        .get(ring + "/leader", leaders::leader)
        .post(ring + "/leader/resign", changes::resign)
        .on("POST", ring + "/leader/lease", Access.WORK, leaders::lease)
        .on("DELETE", ring + "/leader/lease", Access.WORK, leaders::giveBack)
        .on("GET", "/leader", Access.OPEN, now(leaders::leading));
  }

  private static void node(
      Router router, Service service, PrometheusMetrics metrics, PageRoutes pages) {
    NodeApi node = new NodeApi(service);
    OpenApi document = new OpenApi(service);
    router
        .get("/api", now(document::page))
        .get("/api/v1/openapi.json", now(document::json))
        .get("/api/v1/members", now(node::members))
        .post("/api/v1/members/join", node::join)
        .post("/api/v1/leave", now(node::leave))
        .on("GET", "/live", Access.OPEN, now(node::live))
        .on("GET", "/ready", Access.OPEN, now(node::ready))
        .get(
            "/config",
            request ->
                (request.accepts("text/html")
                        ? pages.configuration(request)
                        : node.configuration(request))
                    .now())
        .get("/version", now(node::version))
        .get(
            "/metrics",
            request -> Response.of(200, PrometheusMetrics.CONTENT_TYPE, metrics.text()).now());
  }

  private static HttpHandler page(Function<Request, Response> answer) {
    return now(request -> PageRoutes.renewed(request, answer.apply(request)));
  }

  /** A handler that need not wait. */
  private static HttpHandler now(Function<Request, Response> answer) {
    return request -> answer.apply(request).now();
  }
}
