package io.ringdaemon.web.http;

import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds who answers a request, by segments of the path: {@code /api/v1/rings/{name}}. A fixed
 * segment goes before a parameter. Parameters are decoded after the path is split, so a slash
 * inside one does no harm. {@code HEAD} goes where {@code GET} goes; {@code OPTIONS}, 404 and 405
 * are answered here. Every request passes the {@link CsrfGuard} and the {@link Gate} first; changes
 * are written to the audit log; each route's latency is measured, long polls apart.
 *
 * <p><b>Threading:</b> routes are added before the first request; then any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the answer carries every failure
public final class Router implements HttpHandler {
  private static final System.Logger log = System.getLogger(Router.class.getName());

  private record Action(Access access, HttpHandler handler) {}

  /**
   * What a route counts for one status; looked up once, as a look-up by labels costs more than
   * counting.
   */
  private record Noted(LongAdder requests, Latency duration) {}

  private record Route(
      List<String> pattern, TreeMap<String, Action> byMethod, Map<Integer, Noted> noted) {
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
  private final Gate gate;
  private final ErrorPage errors;
  private final Metrics metrics;
  private final List<Route> routes = new ArrayList<>();
  private final Route noRoute = new Route(List.of(), new TreeMap<>(), new ConcurrentHashMap<>());

  /** Without credentials. */
  public Router(CsrfGuard guard, ErrorPage errors, Metrics metrics, LongSupplier nanoTime) {
    this(guard, Gate.open(metrics), errors, metrics, nanoTime);
  }

  public Router(
      CsrfGuard guard, Gate gate, ErrorPage errors, Metrics metrics, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.guard = guard;
    this.gate = gate;
    this.errors = errors;
    this.metrics = metrics;
  }

  public Router get(String pattern, HttpHandler handler) {
    return on("GET", pattern, Access.READ, handler);
  }

  /** For changes; see {@link #on(String, String, Access, HttpHandler)} for others. */
  public Router post(String pattern, HttpHandler handler) {
    return on("POST", pattern, handler);
  }

  /** For changes. */
  public Router on(String method, String pattern, HttpHandler handler) {
    return on(method, pattern, Access.CHANGE, handler);
  }

  public Router on(String method, String pattern, Access access, HttpHandler handler) {
    List<String> segments = split(pattern);
    Route route =
        routes.stream()
            .filter(other -> other.pattern.equals(segments))
            .findFirst()
            .orElseGet(
                () -> {
                  Route added = new Route(segments, new TreeMap<>(), new ConcurrentHashMap<>());
                  routes.add(added);
                  routes.sort(Comparator.comparing(Route::generality));
                  return added;
                });
    route.byMethod.put(method, new Action(access, handler));
    return this;
  }

  /** All there are, as {@code GET /ring}, in alphabetical order. */
  public SortedSet<String> routes() {
    SortedSet<String> all = new TreeSet<>();
    routes.forEach(
        route -> route.byMethod.keySet().forEach(method -> all.add(method + " " + route.name())));
    return all;
  }

  @Override
  public CompletionStage<Response> handle(Request request) {
    List<String> segments = split(request.path());
    Exchange exchange = new Exchange(request, segments, find(segments));
    CompletableFuture<Response> answer = new CompletableFuture<>();
    CompletionStage<Response> work = attempt(exchange::begin);
    work.whenComplete(
        (response, failure) -> {
          Response sent =
              failure == null ? Conditional.of(request, response) : onFailure(request, failure);
          exchange.note(sent, failure);
          answer.complete(sent);
        });
    answer.whenComplete(
        (response, failure) -> {
          if (answer.isCancelled()) {
            exchange.cancel();
          }
        });
    return answer;
  }

  private static CompletionStage<Response> attempt(Supplier<CompletionStage<Response>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** One request on its way: checked, admitted, handled, noted. */
  private final class Exchange {
    private final long began = nanoTime.getAsLong();
    private final List<String> segments;
    private final Optional<Route> route;
    private final String method;
    private final Access access;
    private volatile Request request;
    private volatile boolean admitted;
    private volatile CompletionStage<Response> work = new CompletableFuture<>();

    Exchange(Request request, List<String> segments, Optional<Route> route) {
      this.request = request;
      this.segments = segments;
      this.route = route;
      this.method = request.method().equals("HEAD") ? "GET" : request.method();
      this.access =
          route
              .flatMap(found -> Optional.ofNullable(found.byMethod.get(method)))
              .map(Action::access)
              .orElse(Access.READ);
    }

    CompletionStage<Response> begin() {
      guard
          .check(request)
          .ifPresent(
              refused -> {
                throw refused;
              });
      CompletableFuture<Identity> admission = gate.admit(request, access).toCompletableFuture();
      return admission.isDone()
          ? admittedAs(admission.join())
          : admission.thenCompose(this::admittedAs);
    }

    private CompletionStage<Response> admittedAs(Identity identity) {
      request = request.as(identity);
      admitted = true;
      work = attempt(this::dispatch);
      return work;
    }

    private CompletionStage<Response> dispatch() {
      if (method.equals("OPTIONS") && request.path().equals("*")) {
        return Response.empty(204).now();
      }
      Route found =
          route.orElseThrow(() -> HttpProblem.notFound("there is nothing at " + request.path()));
      if (method.equals("OPTIONS")) {
        return Response.empty(204).with("Allow", found.allow()).now();
      }
      Action action = found.byMethod.get(method);
      if (action == null) {
        throw new HttpProblem(
                405, request.path() + " allows " + found.allow() + ", not " + request.method())
            .withHeader("Allow", found.allow());
      }
      return action.handler.handle(request.withPathParams(found.params(segments)));
    }

    private Noted noted(int status) {
      String name = route.map(Route::name).orElse("none");
      String[] labels = {"route", name, "status", Integer.toString(status)};
      return new Noted(
          metrics.counter(
              "ring_daemon_http_requests_total", "Requests answered, by route and status.", labels),
          metrics.latency(
              "ring_daemon_http_request_duration_seconds",
              "Time to answer a request, long polls left out.",
              labels));
    }

    /** Nobody waits any more. */
    void cancel() {
      work.toCompletableFuture().cancel(false);
    }

    void note(Response sent, @Nullable Throwable failure) {
      Noted noted =
          route.orElse(noRoute).noted.computeIfAbsent(sent.status(), status -> noted(status));
      noted.requests.increment();
      if (!request.query().has("wait")) {
        noted.duration.record(nanoTime.getAsLong() - began);
      }
      if (access == Access.CHANGE) {
        String why =
            failure != null
                ? String.valueOf(cause(failure).getMessage())
                : sent.status() < 400 ? "done" : "refused";
        AuditLog.write(request, admitted, sent.status(), why);
      }
    }
  }

  private Optional<Route> find(List<String> segments) {
    for (Route route : routes) { // the most to the point comes first
      if (route.matches(segments)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private Response onFailure(Request request, Throwable failure) {
    Throwable cause = cause(failure);
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

  private static List<String> split(String path) {
    String inner = path.startsWith("/") ? path.substring(1) : path;
    if (inner.endsWith("/")) {
      inner = inner.substring(0, inner.length() - 1);
    }
    return inner.isEmpty() ? List.of() : List.of(inner.split("/", -1));
  }
}
