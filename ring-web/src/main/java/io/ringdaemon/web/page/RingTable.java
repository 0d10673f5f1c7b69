package io.ringdaemon.web.page;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a ring page, a hundred rows at a time, filtered and sorted as its address says.
 * Without a word about it a large ring shows those that aren't well first, a small one all by id.
 *
 * @param zones whether anybody has a zone
 * @param filter what may be chosen; empty in a ring that is seen at a glance
 * @param from place of the first row among the found, from 1
 * @param before query of the page before; empty: none
 */
public record RingTable(
    List<InstanceRow> rows,
    List<Chip> chips,
    List<Column> columns,
    boolean zones,
    List<Choice> filter,
    String text,
    String sort,
    int found,
    int total,
    int from,
    String before,
    String after) {
  static final int PAGE = 100;
  private static final int GLANCE = 12;
  private static final int MOST_ZONES = 100;

  /** A count that is a link to the rows it counts. */
  public record Chip(String text, String style, String href, boolean here) {}

  /** A column's head: a link that sorts by it. {@code sorted}: ascending, descending or null. */
  public record Column(String text, String href, @Nullable String sorted, boolean number) {}

  /** Something to filter by. */
  public record Choice(String name, String label, List<Option> options) {}

  /** A value to filter by. */
  public record Option(String value, String text, boolean here) {}

  static RingTable of(Ring ring, RingQuery query, RingContext context) {
    List<Instance> all = ring.instances();
    double[] shares = ring.shares();
    List<Integer> found =
        IntStream.range(0, all.size())
            .filter(i -> query.matches(all.get(i)))
            .boxed()
            .sorted(order(all, shares, query.sort()))
            .toList();
    int pages = Math.max(1, (found.size() + PAGE - 1) / PAGE);
    int page = Math.min(query.page(), pages);
    boolean zones = ring.zones().stream().anyMatch(zone -> !zone.isEmpty());
    return new RingTable(
        found.stream()
            .skip((long) (page - 1) * PAGE)
            .limit(PAGE)
            .map(i -> InstanceRow.of(all.get(i), i, shares[i], context, ""))
            .toList(),
        chips(all, query),
        columns(query, zones),
        zones,
        all.size() > GLANCE || query.filters() ? filter(ring, query, zones) : List.of(),
        query.text(),
        query.sort(),
        found.size(),
        all.size(),
        found.isEmpty() ? 0 : (page - 1) * PAGE + 1,
        page > 1 ? query.but("page", Integer.toString(page - 1)) : "",
        page < pages ? query.but("page", Integer.toString(page + 1)) : "");
  }

  private static Comparator<Integer> order(List<Instance> all, double[] shares, String sort) {
    boolean down = sort.startsWith("-");
    Comparator<Integer> order =
        switch (down ? sort.substring(1) : sort) {
          case "zone" -> by(all, Instance::zone);
          case "state" -> by(all, Instance::state);
          case "health" -> by(all, RingTable::illness);
          case "heartbeat" -> by(all, one -> -one.desc().timestamp());
          case "tokens" -> by(all, one -> one.owned().size());
          case "share" -> Comparator.comparingDouble(i -> shares[i]);
          case "id" -> Comparator.naturalOrder();
          default -> all.size() > PAGE ? usual(all) : Comparator.naturalOrder();
        };
    return (down ? order.reversed() : order).thenComparing(Comparator.naturalOrder());
  }

  private static <T extends Comparable<T>> Comparator<Integer> by(
      List<Instance> all, Function<Instance, T> key) {
    return Comparator.comparing((Integer i) -> key.apply(all.get(i)));
  }

  /** Those first that want looking after. */
  private static Comparator<Integer> usual(List<Instance> all) {
    return by(all, RingTable::illness)
        .thenComparing(i -> all.get(i).state() == InstanceState.ACTIVE);
  }

  private static Integer illness(Instance one) {
    return one.health().well() ? 2 : one.health().healthy() ? 1 : 0;
  }

  private static List<Column> columns(RingQuery query, boolean zones) {
    List<Column> columns = new ArrayList<>();
    columns.add(column(query, "Instance", "id", false));
    if (zones) {
      columns.add(column(query, "Zone", "zone", false));
    }
    columns.add(column(query, "State", "state", false));
    columns.add(column(query, "Health", "health", false));
    columns.add(column(query, "Heartbeat", "heartbeat", false));
    columns.add(column(query, "Tokens", "tokens", true));
    columns.add(column(query, "Share", "share", true));
    return columns;
  }

  private static Column column(RingQuery query, String text, String key, boolean number) {
    boolean up = query.sort().equals(key);
    boolean down = query.sort().equals("-" + key);
    // figures are wanted from the greatest on, names from the first
    String next = up ? "-" + key : down ? key : number ? "-" + key : key;
    return new Column(
        text, query.but("sort", next), up ? "ascending" : down ? "descending" : null, number);
  }

  private static List<Chip> chips(List<Instance> all, RingQuery query) {
    Map<String, Integer> byHealth = new LinkedHashMap<>();
    for (String word : List.of("healthy", "suspect", "unhealthy", "dead")) {
      byHealth.put(word, 0);
    }
    Map<InstanceState, Integer> byState = new java.util.EnumMap<>(InstanceState.class);
    for (Instance one : all) {
      byHealth.merge(InstanceRow.word(one.health()), 1, Integer::sum);
      byState.merge(one.state(), 1, Integer::sum);
    }
    List<Chip> chips = new ArrayList<>();
    boolean whole = query.state().isEmpty() && query.health().isEmpty();
    chips.add(new Chip(all.size() + " in all", "", query.but("state", "", "health", ""), whole));
    byHealth.forEach(
        (word, count) -> {
          if (count > 0) {
            String href = query.but("health", word, "state", "");
            chips.add(new Chip(count + " " + word, style(word), href, word.equals(query.health())));
          }
        });
    byState.forEach(
        (state, count) -> {
          if (count < all.size()) {
            String href = query.but("state", state.name(), "health", "");
            boolean here = state.name().equals(query.state());
            chips.add(new Chip(count + " " + state, "", href, here));
          }
        });
    return chips;
  }

  private static String style(String word) {
    return switch (word) {
      case "healthy" -> "well";
      case "suspect" -> "warning";
      default -> "alarm";
    };
  }

  private static List<Choice> filter(Ring ring, RingQuery query, boolean zones) {
    List<Choice> choices = new ArrayList<>();
    if (zones) {
      List<Option> options = new ArrayList<>();
      for (String zone : ring.zones().stream().limit(MOST_ZONES).toList()) {
        String value = zone.isEmpty() ? RingQuery.NO_ZONE : zone;
        String text = zone.isEmpty() ? "no zone" : Words.shown(zone);
        options.add(new Option(value, text, value.equals(query.zone())));
      }
      choices.add(new Choice("zone", "Zone", options));
    }
    choices.add(
        new Choice(
            "state",
            "State",
            ring.instances().stream()
                .map(Instance::state)
                .distinct()
                .sorted()
                .map(it -> new Option(it.name(), it.name(), it.name().equals(query.state())))
                .toList()));
    choices.add(
        new Choice(
            "health",
            "Health",
            List.of("unwell", "healthy", "suspect", "unhealthy", "dead").stream()
                .map(
                    it ->
                        new Option(
                            it, it.equals("unwell") ? "not well" : it, it.equals(query.health())))
                .toList()));
    return choices;
  }
}
