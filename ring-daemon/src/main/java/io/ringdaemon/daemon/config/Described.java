package io.ringdaemon.daemon.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

  /** The known name that {@code wrong} most likely was meant to be. */
  static Optional<String> nearest(String wrong, Collection<String> known) {
    String simple = simple(wrong);
    int limit = Math.max(1, simple.length() / 3);
    return known.stream()
        .filter(name -> distance(simple, simple(name)) <= limit)
        .min(Comparator.comparingInt(name -> distance(simple, simple(name))));
  }

  private static String simple(String name) {
    return name.toLowerCase(java.util.Locale.ROOT).replace("-", "").replace("_", "");
  }

  /** Edits that turn {@code a} into {@code b}; neighbours that changed places count once. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(a, b, cost, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(String a, String b, int[][] cost, int i, int j) {
    int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }

  /** {@code a, b or c}. */
  static String anyOf(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
