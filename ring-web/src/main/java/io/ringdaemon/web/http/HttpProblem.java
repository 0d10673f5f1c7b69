package io.ringdaemon.web.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that can't be answered as asked. Thrown by handlers, or the failure of their stage;
 * {@link ErrorPage} turns it into a response.
 */
public final class HttpProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String type;
  private final transient Map<String, Object> facts;
  private final transient Map<String, String> headers;

  private HttpProblem(
      int status,
      String type,
      String detail,
      Map<String, Object> facts,
      Map<String, String> headers) {
    super(detail);
    this.status = status;
    this.type = type;
    this.facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    this.headers = Map.copyOf(headers);
  }

  public HttpProblem(int status, String detail) {
    this(status, "", detail, Map.of(), Map.of());
  }

  public static HttpProblem badRequest(String detail) {
    return new HttpProblem(400, detail);
  }

  public static HttpProblem notFound(String detail) {
    return new HttpProblem(404, detail);
  }

  /** With the last part of its type, for programs: {@code empty-ring}. */
  public HttpProblem ofType(String type) {
    return new HttpProblem(status, type, detail(), facts, headers);
  }

  /** With a further member for programs. */
  public HttpProblem with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(facts);
    more.put(name, value);
    return new HttpProblem(status, type, detail(), more, headers);
  }

  /** With a header of the response. */
  public HttpProblem withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpProblem(status, type, detail(), facts, more);
  }

  public int status() {
    return status;
  }

  /** Empty when the status says it all. */
  public String type() {
    return type;
  }

  /** What is wrong and, if possible, what to do. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  public Map<String, Object> facts() {
    return facts;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
