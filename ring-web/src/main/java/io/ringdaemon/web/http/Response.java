package io.ringdaemon.web.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A whole response; all we serve is text. Immutable.
 *
 * @param stream events that come instead of the body; null: none
 * @param pieces what comes instead of the body, in pieces; null: nothing
 */
public record Response(
    int status,
    Map<String, String> headers,
    String body,
    @Nullable EventStream stream,
    @Nullable LongBody pieces) {
  public Response {
    headers = Map.copyOf(headers);
  }

  public Response(int status, Map<String, String> headers, String body) {
    this(status, headers, body, null, null);
  }

  /** Events for as long as the client stays. */
  public static Response events(EventStream stream) {
    return new Response(200, Map.of("Content-Type", "text/event-stream"), "", stream, null);
  }

  /** A body written while it is sent. */
  public static Response streamed(int status, String contentType, LongBody pieces) {
    return new Response(status, Map.of("Content-Type", contentType), "", null, pieces);
  }

  public static Response of(int status, String contentType, String body) {
    return new Response(status, Map.of("Content-Type", contentType), body);
  }

  public static Response text(int status, String body) {
    return of(status, "text/plain; charset=utf-8", body);
  }

  public static Response html(int status, String body) {
    return of(status, "text/html; charset=utf-8", body);
  }

  public static Response json(int status, String body) {
    return of(status, "application/json", body);
  }

  /**
   * An error that comes about below the routes, as problem+json.
   *
   * @param detail a sentence of ours
   */
  public static Response problem(int status, String detail) {
    String json =
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}\n"
            .formatted(
                HttpResponseStatus.valueOf(status).reasonPhrase(),
                status,
                detail.replaceAll("[\"\\\\\\p{Cntrl}]", "?"));
    return of(status, "application/problem+json", json);
  }

  /** The same for something that is over soon: when to come again. */
  static Response busy(int status, String detail) {
    return problem(status, detail).with("Retry-After", "5");
  }

  /** Without a body. */
  public static Response empty(int status) {
    return new Response(status, Map.of(), "");
  }

  public Response with(String header, String value) {
    return with(Map.of(header, value));
  }

  public Response with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Response(status, all, body, stream, pieces);
  }

  /** For handlers that need not wait. */
  public CompletionStage<Response> now() {
    return CompletableFuture.completedStage(this);
  }
}
