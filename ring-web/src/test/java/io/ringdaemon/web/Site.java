package io.ringdaemon.web;

import io.ringdaemon.web.api.PrometheusMetrics;
import io.ringdaemon.web.api.WebRoutes;
import io.ringdaemon.web.http.CsrfGuard;
import io.ringdaemon.web.http.LongBody;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import io.ringdaemon.web.http.Router;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** All routes over a fake service, asked without a socket. */
public final class Site {
  public final FakeService service;
  public final Router router;

  public Site(FakeService service) {
    this.service = service;
    this.router = WebRoutes.of(service, new PrometheusMetrics(), CsrfGuard.anyHost());
  }

  /** As a browser does. */
  public Response page(String target) {
    return ask("GET", target, Map.of("accept", "text/html,*/*"), "");
  }

  public Response get(String target) {
    return ask("GET", target, Map.of(), "");
  }

  public Response delete(String target) {
    return ask("DELETE", target, Map.of(), "");
  }

  public Response postJson(String target, String body) {
    return ask("POST", target, Map.of("content-type", "application/json"), body);
  }

  /** Fields are pairs of name and value. */
  public Response form(String target, String... fields) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return ask(
        "POST",
        target,
        Map.of("content-type", "application/x-www-form-urlencoded", "accept", "text/html"),
        body.toString());
  }

  public Response ask(String method, String target, Map<String, String> headers, String body) {
    return begin(method, target, headers, body).join();
  }

  /** The body, also of an answer that comes in pieces. */
  public static String text(Response response) {
    return response.pieces() == null ? response.body() : text(response.pieces());
  }

  public static String text(LongBody body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    BooleanSupplier more = body.begin(all);
    boolean going = true;
    while (going) {
      going = more.getAsBoolean();
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  public CompletableFuture<Response> begin(
      String method, String target, Map<String, String> headers, String body) {
    return router
        .handle(Request.of(method, target, headers, body, "192.0.2.1"))
        .toCompletableFuture();
  }
}
