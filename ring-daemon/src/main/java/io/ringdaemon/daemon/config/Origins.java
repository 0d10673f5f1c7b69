package io.ringdaemon.daemon.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonPointer;

/**
 * Which file, line and column, or which flag, an option comes from; options nobody wrote have none.
 */
final class Origins {
  private final Map<JsonPointer, String> byPath = new HashMap<>();

  void put(JsonPointer path, String origin) {
    byPath.put(path, origin);
  }

  void putAll(Origins later) {
    byPath.putAll(later.byPath);
  }

  /** The origin of {@code path}, or of the closest option around it; empty if it is a default. */
  String of(JsonPointer path) {
    for (JsonPointer at = path; at != null && !at.matches(); at = at.head()) {
      String origin = byPath.get(at);
      if (origin != null) {
        return origin;
      }
    }
    return byPath.getOrDefault(JsonPointer.empty(), "");
  }

  /** What was said about {@code from} and below now holds for {@code to}. */
  void copy(JsonPointer from, JsonPointer to) {
    for (var entry : new LinkedHashMap<>(byPath).entrySet()) {
      String path = entry.getKey().toString();
      if (path.equals(from.toString()) || path.startsWith(from + "/")) {
        byPath.put(
            JsonPointer.compile(to + path.substring(from.toString().length())), entry.getValue());
      }
    }
  }
}
