package io.ringdaemon.web.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fields of a query or a form, percent-decoded, in the order they came. Immutable. */
public final class Params {
  public static final Params NONE = new Params(Map.of());
  private static final int MOST = 20_000;

  private final Map<String, List<String>> fields;

  private Params(Map<String, List<String>> fields) {
    this.fields = fields;
  }

  /**
   * Fields of {@code a=1&b=2}.
   *
   * @throws HttpProblem 400, for a malformed escape or too many fields
   */
  public static Params parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    Map<String, List<String>> fields = new LinkedHashMap<>();
    int count = 0;
    for (int start = 0; start <= text.length(); ) {
      int end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        String field = text.substring(start, end);
        int equals = field.indexOf('=');
        String name = decode(equals < 0 ? field : field.substring(0, equals));
        String value = equals < 0 ? "" : decode(field.substring(equals + 1));
        fields.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
        if (++count > MOST) {
          throw HttpProblem.badRequest("more than " + MOST + " fields");
        }
      }
      start = end + 1;
    }
    return new Params(fields);
  }

  /** What a query or form escaped; {@code +} is a space. */
  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest("malformed percent escape");
    }
  }

  /** What a path segment escaped; {@code +} is a plus. */
  static String decodeSegment(String segment) {
    return decode(segment.replace("+", "%2B"));
  }

  public Optional<String> first(String name) {
    List<String> values = fields.get(name);
    return values == null ? Optional.empty() : Optional.of(values.get(0));
  }

  /** The first value of the field, or the empty text. */
  public String text(String name) {
    return first(name).orElse("");
  }

  public List<String> all(String name) {
    return List.copyOf(fields.getOrDefault(name, List.of()));
  }

  public boolean has(String name) {
    return fields.containsKey(name);
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
