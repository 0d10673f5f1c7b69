package io.ringdaemon.web.http;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Answers 304 to whoever has already what it asks for (RFC 9110, 13.1.2). */
final class Conditional {
  private Conditional() {}

  /**
   * {@code response}, or, where its {@code ETag} is one of {@code If-None-Match}, only its head.
   */
  static Response of(Request request, Response response) {
    String tag = response.headers().get("ETag");
    Optional<String> known = request.header("if-none-match");
    boolean looks = request.method().equals("GET") || request.method().equals("HEAD");
    if (tag == null || known.isEmpty() || !looks || response.status() != 200) {
      return response;
    }
    boolean same =
        Arrays.stream(known.get().split(","))
            .map(String::strip)
            .anyMatch(one -> one.equals("*") || opaque(one).equals(opaque(tag)));
    return same ? new Response(304, withoutType(response.headers()), "") : response;
  }

  private static Map<String, String> withoutType(Map<String, String> headers) {
    Map<String, String> kept = new HashMap<>(headers);
    kept.remove("Content-Type");
    return kept;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
