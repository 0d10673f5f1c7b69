package io.ringdaemon.web.page;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The instances of a ring page. A large ring shows those that aren't well first, a hundred rows at
 * a time; a small one all of them by id.
 *
 * @param zones whether anybody has a zone
 * @param from place of the first row among the found, from 1
 * @param before query of the page before; empty: none
 */
public record RingTable(
    List<InstanceRow> rows,
    List<Chip> chips,
    boolean zones,
    boolean filterable,
    String text,
    int found,
    int total,
    int from,
    String before,
    String after) {
  static final int PAGE = 100;

  /** A count that is a link to the rows it counts. */
  public record Chip(String text, String style, String href, boolean here) {}

  static RingTable of(Ring ring, RingQuery query, RingContext context) {
    List<Instance> all = ring.instances();
    double[] shares = ring.shares();
    boolean large = all.size() > PAGE;
    Comparator<Integer> order =
        large
            ? Comparator.comparing((Integer i) -> all.get(i).health().healthy())
                .thenComparing(i -> all.get(i).health().well())
                .thenComparing(i -> all.get(i).state() == InstanceState.ACTIVE)
                .thenComparing(i -> i)
            : Comparator.naturalOrder();
    List<Integer> found =
        IntStream.range(0, all.size())
            .filter(i -> query.matches(all.get(i)))
            .boxed()
            .sorted(order)
            .toList();
    int pages = Math.max(1, (found.size() + PAGE - 1) / PAGE);
    int page = Math.min(query.page(), pages);
    List<InstanceRow> rows =
        found.stream()
            .skip((long) (page - 1) * PAGE)
            .limit(PAGE)
            .map(i -> InstanceRow.of(all.get(i), i, shares[i], context, ""))
            .toList();
    return new RingTable(
        rows,
        chips(ring, query),
        !ring.zones().equals(List.of("")) && !ring.zones().isEmpty(),
        large || query.filters(),
        query.text(),
        found.size(),
        all.size(),
        found.isEmpty() ? 0 : (page - 1) * PAGE + 1,
        page > 1 ? query.atPage(page - 1) : "",
        page < pages ? query.atPage(page + 1) : "");
  }

  private static List<Chip> chips(Ring ring, RingQuery query) {
    List<Instance> all = ring.instances();
    List<Chip> chips = new ArrayList<>();
    chips.add(new Chip(all.size() + " in all", "", "?", !query.filters()));
    long well = all.stream().filter(one -> one.health().well()).count();
    chip(chips, query, well, "healthy", "well", "well");
    chip(chips, query, all.size() - well, "not well", "alarm", "unwell");
    for (InstanceState state : InstanceState.values()) {
      long count = all.stream().filter(one -> one.state() == state).count();
      if (count > 0 && count < all.size()) {
        chip(chips, query, count, state.name(), "", state.name());
      }
    }
    for (String zone : ring.zones().stream().filter(zone -> !zone.isEmpty()).limit(12).toList()) {
      long count = all.stream().filter(one -> one.zone().equals(zone)).count();
      chips.add(
          new Chip(
              count + " in " + Words.shown(zone),
              "zone",
              "?zone=" + Paths.escape(zone),
              zone.equals(query.zone())));
    }
    return chips;
  }

  private static void chip(
      List<Chip> chips, RingQuery query, long count, String word, String style, String show) {
    if (count > 0) {
      chips.add(new Chip(count + " " + word, style, "?show=" + show, show.equals(query.show())));
    }
  }
}
