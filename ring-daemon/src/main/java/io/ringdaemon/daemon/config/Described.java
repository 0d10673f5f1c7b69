package io.ringdaemon.daemon.config;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Words for messages about options. */
final class Described {
  private Described() {}

  /** {@code rings.admin-api.num_tokens}. */
  static String path(JsonPointer path) {
    var names = new ArrayList<String>();
    for (JsonPointer at = path; at != null && !at.matches(); at = at.tail()) {
      String name = at.getMatchingProperty();
      boolean plain = name.indexOf('.') < 0;
      names.add(plain ? name : "\"" + name + "\"");
    }
    return String.join(".", names);
  }

  /** What somebody wrote, with its type: {@code the text "many"}. */
  static String value(JsonNode value) {
    if (value.isObject()) {
      return "a map";
    }
    if (value.isArray()) {
      return "a list";
    }
    String text = value.isString() ? "\"" + value.stringValue() + "\"" : value.toString();
    String shown = text.length() <= 60 ? text : text.substring(0, 57) + "…\"";
    return value.isString() ? "the text " + shown : shown;
  }

  /** {@code a, b or c}. */
  static String anyOf(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
