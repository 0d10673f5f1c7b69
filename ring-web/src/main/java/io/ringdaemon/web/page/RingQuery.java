package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.web.http.Params;
import java.util.Locale;

/**
 * What a ring page is asked to show, from its address.
 *
 * @param page of the table, from 1
 * @param text part of an id or address
 * @param zone a zone, or empty for all
 * @param show a state's name, {@code well}, {@code unwell}, or empty for all
 */
record RingQuery(
    String key,
    Operation operation,
    int page,
    String text,
    String zone,
    String show,
    boolean tokens) {
  private static final int LONGEST_KEY = 4096;

  static RingQuery of(Params query) {
    String key = query.text("key");
    return new RingQuery(
        key.length() > LONGEST_KEY ? key.substring(0, LONGEST_KEY) : key,
        Operation.named(query.text("operation")).orElse(Operation.WRITE),
        page(query.text("page")),
        query.text("q"),
        query.text("zone"),
        query.text("show"),
        query.text("tokens").equals("true"));
  }

  private static int page(String text) {
    return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : 1;
  }

  boolean filters() {
    return !text.isEmpty() || !zone.isEmpty() || !show.isEmpty();
  }

  boolean matches(Instance instance) {
    boolean named =
        text.isEmpty() || instance.id().contains(text) || instance.desc().addr().contains(text);
    boolean there = zone.isEmpty() || instance.zone().equals(zone);
    boolean shown =
        switch (show.toLowerCase(Locale.ROOT)) {
          case "" -> true;
          case "well" -> instance.health().well();
          case "unwell" -> !instance.health().well();
          default -> instance.state().name().equalsIgnoreCase(show);
        };
    return named && there && shown;
  }

  /** The query of another page of the same table. */
  String atPage(int other) {
    StringBuilder query = new StringBuilder("?page=" + other);
    append(query, "q", text);
    append(query, "zone", zone);
    append(query, "show", show);
    return query.toString();
  }

  private static void append(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append('&').append(name).append('=').append(Paths.escape(value));
    }
  }
}
