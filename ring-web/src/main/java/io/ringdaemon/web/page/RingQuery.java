package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.web.http.Params;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a ring page is asked to show, all from its address, so that a colleague opens the same view.
 *
 * @param page of the table, from 1
 * @param text part of an id or address
 * @param zone a zone, {@code -} for instances without one, or empty for all
 * @param state a state's name, or empty for all
 * @param health {@code well}, {@code unwell}, a health in a word, or empty for all
 * @param sort a column, after {@code -} if it shall descend; empty: the usual order
 * @param byZone whether the circle is drawn by zones
 * @param done number of a change whose outcome is to be shown, or empty
 */
record RingQuery(
    String key,
    Operation operation,
    int page,
    String text,
    String zone,
    String state,
    String health,
    String sort,
    boolean byZone,
    String done) {
  static final String NO_ZONE = "-";
  private static final int LONGEST_KEY = 4096;
  private static final int LONGEST = 300;

  static RingQuery of(Params query) {
    return new RingQuery(
        cut(query.text("key"), LONGEST_KEY),
        Operation.named(query.text("operation")).orElse(Operation.WRITE),
        page(query.text("page")),
        cut(query.text("q").strip(), LONGEST),
        cut(query.text("zone"), LONGEST),
        cut(query.text("state"), LONGEST),
        cut(query.text("health"), LONGEST),
        cut(query.text("sort"), LONGEST),
        query.text("by").equals("zone"),
        cut(query.text("done"), LONGEST));
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) : text;
  }

  private static int page(String text) {
    return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : 1;
  }

  boolean filters() {
    return !text.isEmpty() || !zone.isEmpty() || !state.isEmpty() || !health.isEmpty();
  }

  boolean matches(Instance instance) {
    return (text.isEmpty() || instance.id().contains(text) || instance.desc().addr().contains(text))
        && (zone.isEmpty() || instance.zone().equals(zone.equals(NO_ZONE) ? "" : zone))
        && (state.isEmpty() || instance.state().name().equalsIgnoreCase(state))
        && switch (health) {
          case "" -> true;
          case "well" -> instance.health().well();
          case "unwell" -> !instance.health().well();
          default -> InstanceRow.word(instance.health()).equals(health);
        };
  }

  /** The address of the same view but for some settings, names and values in turn; from page 1. */
  String but(String... changes) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("q", text);
    settings.put("zone", zone);
    settings.put("state", state);
    settings.put("health", health);
    settings.put("sort", sort);
    settings.put("by", byZone ? "zone" : "");
    for (int i = 0; i < changes.length; i += 2) {
      settings.put(changes[i], changes[i + 1]);
    }
    StringBuilder query = new StringBuilder("?");
    settings.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            query.append(query.length() == 1 ? "" : "&").append(name).append('=');
            query.append(Paths.escape(value));
          }
        });
    return query.toString();
  }
}
