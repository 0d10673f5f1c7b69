package io.ringdaemon.web.page;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A ring too large to be drawn, a line a zone, each count a link to what it counts; then who owns
 * most and least of it.
 *
 * @param states those that somebody is in, as columns
 * @param more zones that are not shown
 */
public record Zones(
    List<String> states, List<Line> lines, int more, List<Owner> most, List<Owner> least) {
  private static final int MOST_LINES = 40;
  private static final int OWNERS = 5;

  /** How many are in a state. */
  public record Cell(int count, String href) {}

  /**
   * A zone.
   *
   * @param bar its share as a width from 0 to 100
   */
  public record Line(
      String name,
      String href,
      int count,
      List<Cell> cells,
      Cell unwell,
      String share,
      String bar,
      String oldestHeartbeat,
      Optional<Owner> heaviest,
      Optional<Owner> lightest) {}

  /** An instance and its share. */
  public record Owner(String name, String href, String share) {}

  static Zones of(Ring ring, RingQuery query, RingContext context) {
    List<Instance> all = ring.instances();
    double[] shares = ring.shares();
    List<InstanceState> states = all.stream().map(Instance::state).distinct().sorted().toList();
    List<Integer> owners =
        IntStream.range(0, all.size())
            .filter(i -> shares[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -shares[i]).thenComparing(i -> i))
            .toList();
    boolean crowd = all.size() > RingTable.PAGE;
    List<Line> lines = new ArrayList<>();
    for (String zone : ring.zones().stream().limit(MOST_LINES).toList()) {
      lines.add(new Gathering(ring, shares, owners, zone, query, context).line(states));
    }
    List<Integer> lightest = new ArrayList<>(owners);
    java.util.Collections.reverse(lightest);
    return new Zones(
        states.stream().map(InstanceState::name).toList(),
        lines,
        Math.max(0, ring.zones().size() - MOST_LINES),
        crowd ? named(ring, shares, owners, context) : List.of(),
        crowd ? named(ring, shares, lightest, context) : List.of());
  }

  private static List<Owner> named(
      Ring ring, double[] shares, List<Integer> owners, RingContext context) {
    return owners.stream().limit(OWNERS).map(i -> owner(ring, shares, i, context)).toList();
  }

  private static Owner owner(Ring ring, double[] shares, int i, RingContext context) {
    String id = ring.instances().get(i).id();
    return new Owner(Words.shown(id), Paths.instance(context.ring(), id), Words.fine(shares[i]));
  }

  /** What is counted of one zone. */
  private static final class Gathering {
    private final Ring ring;
    private final double[] shares;
    private final List<Integer> owners;
    private final String zone;
    private final RingQuery query;
    private final RingContext context;

    Gathering(
        Ring ring,
        double[] shares,
        List<Integer> owners,
        String zone,
        RingQuery query,
        RingContext context) {
      this.ring = ring;
      this.shares = shares;
      this.owners = owners;
      this.zone = zone;
      this.query = query;
      this.context = context;
    }

    Line line(List<InstanceState> states) {
      String value = zone.isEmpty() ? RingQuery.NO_ZONE : zone;
      Map<InstanceState, Integer> counts = new EnumMap<>(InstanceState.class);
      int unwell = 0;
      int count = 0;
      long oldest = Long.MAX_VALUE;
      double share = 0;
      List<Instance> all = ring.instances();
      for (int i = 0; i < shares.length; i++) {
        Instance one = all.get(i);
        if (one.zone().equals(zone)) {
          count++;
          counts.merge(one.state(), 1, Integer::sum);
          unwell += one.health().well() ? 0 : 1;
          share += shares[i];
          oldest = one.desc().timestamp() > 0 ? Math.min(oldest, one.desc().timestamp()) : oldest;
        }
      }
      List<Integer> mine = owners.stream().filter(i -> all.get(i).zone().equals(zone)).toList();
      return new Line(
          zone.isEmpty() ? "no zone" : Words.shown(zone),
          query.but("zone", value, "state", "", "health", ""),
          count,
          states.stream()
              .map(
                  state ->
                      new Cell(
                          counts.getOrDefault(state, 0),
                          query.but("zone", value, "state", state.name(), "health", "")))
              .toList(),
          new Cell(unwell, query.but("zone", value, "health", "unwell", "state", "")),
          Words.percent(share),
          Long.toString(Math.round(share * 100)),
          oldest == Long.MAX_VALUE
              ? "none"
              : Words.age(
                  java.time.Duration.between(
                      java.time.Instant.ofEpochSecond(oldest), context.now())),
          mine.stream().findFirst().map(i -> owner(ring, shares, i, context)),
          mine.isEmpty()
              ? Optional.empty()
              : Optional.of(owner(ring, shares, mine.get(mine.size() - 1), context)));
    }
  }
}
