package io.ringdaemon.web.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A whole HTTP request. Immutable.
 *
 * @param path as it came, still escaped, without the query
 * @param headers by lower-case name; values of repeated ones joined by a comma
 * @param body decoded as UTF-8
 * @param caller whose it is
 * @param pathParams what the router found in the path, decoded
 */
public record Request(
    String method,
    String path,
    Params query,
    Map<String, String> headers,
    String body,
    Caller caller,
    Map<String, String> pathParams) {
  public Request {
    headers = Map.copyOf(headers);
    pathParams = Map.copyOf(pathParams);
  }

  /** A request for {@code target}, a path with or without a query, from the address remote. */
  public static Request of(
      String method, String target, Map<String, String> headers, String body, String remote) {
    return of(method, target, headers, body, Caller.at(remote));
  }

  static Request of(
      String method, String target, Map<String, String> headers, String body, Caller caller) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    Params query = mark < 0 ? Params.NONE : Params.parse(target.substring(mark + 1));
    return new Request(method, path, query, headers, body, caller, Map.of());
  }

  Request withPathParams(Map<String, String> found) {
    return new Request(method, path, query, headers, body, caller, found);
  }

  Request as(Identity proved) {
    return new Request(method, path, query, headers, body, caller.as(proved), pathParams);
  }

  /** Who asks, for logs and events: {@code alice (operator) from 10.0.0.7}, or an address. */
  public String actor() {
    return caller.text();
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** A parameter of the route's pattern. */
  public String pathParam(String name) {
    String value = pathParams.get(name);
    if (value == null) {
      throw new IllegalStateException("the route of " + path + " has no parameter " + name);
    }
    return value;
  }

  /** Fields of the body, if it is a form. */
  public Params form() {
    boolean isForm =
        header("content-type")
            .map(type -> type.toLowerCase(Locale.ROOT))
            .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
            .isPresent();
    return isForm ? Params.parse(body) : Params.NONE;
  }

  /** Whether the client names {@code mediaType} among what it accepts. */
  public boolean accepts(String mediaType) {
    return header("accept").filter(accept -> accept.contains(mediaType)).isPresent();
  }

  /** Whether it only looks. */
  public boolean isSafe() {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }
}
