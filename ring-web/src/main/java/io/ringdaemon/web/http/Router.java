package io.ringdaemon.web.http;

import io.ringdaemon.metrics.Metrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Finds who answers a request, by segments of the path: {@code /api/v1/rings/{name}}. A fixed
 * segment goes before a parameter. Parameters are decoded after the path is split, so a slash
 * inside one does no harm. {@code HEAD} goes where {@code GET} goes; {@code OPTIONS}, 404 and 405
 * are answered here. Every request passes the {@link CsrfGuard} first; each route's latency is
 * measured, long polls apart.
 *
 * <p><b>Threading:</b> routes are added before the first request; then any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the answer carries every failure
public final class Router implements HttpHandler {
  private static final System.Logger log = System.getLogger(Router.class.getName());

  private record Route(List<String> pattern, TreeMap<String, HttpHandler> byMethod) {
    boolean matches(List<String> segments) {
      if (segments.size() != pattern.size()) {
        return false;
      }
      for (int i = 0; i < segments.size(); i++) {
        boolean same =
            isParam(pattern.get(i))
                ? !segments.get(i).isEmpty()
                : pattern.get(i).equals(segments.get(i));
        if (!same) {
          return false;
        }
      }
      return true;
    }

    /** Smaller: more to the point. */
    String generality() {
      StringBuilder marks = new StringBuilder();
      pattern.forEach(segment -> marks.append(isParam(segment) ? '1' : '0'));
      return marks.toString();
    }

    String name() {
      return "/" + String.join("/", pattern);
    }

    String allow() {
      List<String> methods = new ArrayList<>(byMethod.keySet());
      if (methods.contains("GET")) {
        methods.add(1 + methods.indexOf("GET"), "HEAD");
      }
      methods.add("OPTIONS");
      return String.join(", ", methods);
    }

    Map<String, String> params(List<String> segments) {
      Map<String, String> params = new HashMap<>();
      for (int i = 0; i < pattern.size(); i++) {
        String name = pattern.get(i);
        if (isParam(name)) {
          params.put(name.substring(1, name.length() - 1), Params.decodeSegment(segments.get(i)));
        }
      }
      return params;
    }

    private static boolean isParam(String segment) {
      return segment.startsWith("{");
    }
  }

  /** As nginx counts a client that did not wait for its answer. */
  private static final int CLIENT_GONE = 499;

  private final LongSupplier nanoTime;
  private final CsrfGuard guard;
  private final ErrorPage errors;
  private final Metrics metrics;
  private final List<Route> routes = new ArrayList<>();

  public Router(CsrfGuard guard, ErrorPage errors, Metrics metrics, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.guard = guard;
    this.errors = errors;
    this.metrics = metrics;
  }

  public Router get(String pattern, HttpHandler handler) {
    return on("GET", pattern, handler);
  }

  public Router post(String pattern, HttpHandler handler) {
    return on("POST", pattern, handler);
  }

  public Router on(String method, String pattern, HttpHandler handler) {
    List<String> segments = split(pattern);
    Route route =
        routes.stream()
            .filter(other -> other.pattern.equals(segments))
            .findFirst()
            .orElseGet(
                () -> {
                  Route added = new Route(segments, new TreeMap<>());
                  routes.add(added);
                  return added;
                });
    route.byMethod.put(method, handler);
    return this;
  }

  @Override
  public CompletionStage<Response> handle(Request request) {
    long began = nanoTime.getAsLong();
    Optional<Route> route = find(split(request.path()));
    CompletableFuture<Response> answer = new CompletableFuture<>();
    CompletionStage<Response> work = attempt(request, route);
    work.whenComplete(
        (response, failure) -> {
          Response sent = failure == null ? response : onFailure(request, failure);
          note(request, route.map(Route::name).orElse("none"), sent.status(), began);
          answer.complete(sent);
        });
    answer.whenComplete(
        (response, failure) -> {
          if (answer.isCancelled()) {
            work.toCompletableFuture().cancel(false);
          }
        });
    return answer;
  }

  private CompletionStage<Response> attempt(Request request, Optional<Route> route) {
    try {
      return answer(request, route);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<Response> answer(Request request, Optional<Route> found) {
    Optional<HttpProblem> refused = guard.check(request);
    if (refused.isPresent()) {
      throw refused.get();
    }
    if (request.method().equals("OPTIONS") && request.path().equals("*")) {
      return Response.empty(204).now();
    }
    Route route =
        found.orElseThrow(() -> HttpProblem.notFound("there is nothing at " + request.path()));
    String method = request.method().equals("HEAD") ? "GET" : request.method();
    if (method.equals("OPTIONS")) {
      return Response.empty(204).with("Allow", route.allow()).now();
    }
    HttpHandler handler = route.byMethod.get(method);
    if (handler == null) {
      throw new HttpProblem(
              405, request.path() + " allows " + route.allow() + ", not " + request.method())
          .withHeader("Allow", route.allow());
    }
    return handler.handle(request.withPathParams(route.params(split(request.path()))));
  }

  private Optional<Route> find(List<String> segments) {
    return routes.stream()
        .filter(route -> route.matches(segments))
        .min((some, other) -> some.generality().compareTo(other.generality()));
  }

  private Response onFailure(Request request, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof HttpProblem problem) {
      return errors.of(request, problem);
    }
    if (cause instanceof TimeoutException) {
      return errors.of(
          request,
          new HttpProblem(
              504, "the change is not to be seen here yet; look again before repeating it"));
    }
    if (cause instanceof CancellationException) {
      return Response.text(CLIENT_GONE, ""); // nobody reads it; it is only counted
    }
    log.log(System.Logger.Level.ERROR, request.method() + " " + request.path() + " failed", cause);
    return errors.of(request, new HttpProblem(500, "this daemon failed to answer; see its log"));
  }

  private void note(Request request, String route, int status, long began) {
    metrics
        .counter(
            "ring_daemon_http_requests_total",
            "Requests answered, by route and status.",
            "route",
            route,
            "status",
            Integer.toString(status))
        .increment();
    if (!request.query().has("wait")) {
      metrics
          .latency(
              "ring_daemon_http_request_duration_seconds",
              "Time to answer a request, long polls left out.",
              "route",
              route,
              "status",
              Integer.toString(status))
          .record(nanoTime.getAsLong() - began);
    }
  }

  private static List<String> split(String path) {
    String inner = path.startsWith("/") ? path.substring(1) : path;
    if (inner.endsWith("/")) {
      inner = inner.substring(0, inner.length() - 1);
    }
    return inner.isEmpty() ? List.of() : List.of(inner.split("/", -1));
  }
}
