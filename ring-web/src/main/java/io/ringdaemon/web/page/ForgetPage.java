package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Says what will happen before instances are forgotten, and warns about healthy ones.
 *
 * @param ids as they are, for the form
 * @param rows the first of them
 * @param typed what must be typed to confirm; empty: nothing, all are unhealthy
 * @param others rings that list some of them too
 * @param wrong what was wrong with the last try; empty: this is the first
 */
public record ForgetPage(
    Frame frame,
    String ring,
    String action,
    String heading,
    String what,
    List<String> effects,
    List<String> ids,
    List<InstanceRow> rows,
    int more,
    String typed,
    String typedLabel,
    String others,
    String wrong) {
  private static final int MOST_SHOWN = 100;
  private static final int SMALL = 64 << 10;

  static String render(Service service, RingStatus status, List<Instance> whom, String wrong) {
    return Templates.render("forget", of(service, status, whom, wrong));
  }

  static ForgetPage of(Service service, RingStatus status, List<Instance> whom, String wrong) {
    Ring ring = status.ring();
    RingContext context = RingContext.of(status, service.node(), service.nanoTime());
    double[] shares = ring.shares();
    int[] ordinals = whom.stream().mapToInt(one -> ring.ordinal(one.id())).toArray();
    List<String> healthy =
        whom.stream().filter(one -> one.health().healthy()).map(Instance::id).toList();
    boolean single = whom.size() == 1;
    String name = single ? Words.shown(whom.get(0).id()) : whom.size() + " instances";
    List<InstanceRow> rows =
        IntStream.range(0, Math.min(MOST_SHOWN, whom.size()))
            .mapToObj(
                i ->
                    InstanceRow.of(
                        whom.get(i),
                        ordinals[i],
                        shares[ordinals[i]],
                        context,
                        single && ring.tokenCount() <= SMALL ? Heirs.of(ring, whom.get(i)) : ""))
            .toList();
    double share = 0;
    for (int ordinal : ordinals) {
      share += shares[ordinal];
    }
    List<String> others =
        service.rings().stream()
            .filter(other -> !other.name().equals(status.name()))
            .filter(other -> whom.stream().anyMatch(one -> other.ring().hasInstance(one.id())))
            .map(RingStatus::name)
            .toList();
    String heading = "Forget " + name + "?";
    return new ForgetPage(
        Frame.of(service, Paths.ring(status.name()), heading, "").still(),
        Words.shown(status.name()),
        Paths.ring(status.name()),
        heading,
        single ? what(rows.get(0), !healthy.isEmpty()) : what(whom.size(), healthy.size()),
        effects(Words.shown(status.name()), single, healthy, share, rows),
        whom.stream().map(Instance::id).toList(),
        rows,
        whom.size() - rows.size(),
        healthy.isEmpty() ? "" : single ? name : Integer.toString(whom.size()),
        single ? "Type its id," : "Type how many they are,",
        others.isEmpty() ? "" : Words.names(others),
        wrong);
  }

  private static String what(InstanceRow row, boolean alive) {
    return alive
        ? "It is alive: %s, %s, heartbeat %s.".formatted(row.state(), row.health(), row.heartbeat())
        : "It has been %s for %s: %s."
            .formatted(row.health(), row.healthSince().age(), row.reason());
  }

  private static String what(int all, int healthy) {
    if (healthy == 0) {
      return "All %d are unhealthy.".formatted(all);
    }
    return "%s of these %d %s healthy."
        .formatted(healthy == all ? "All" : healthy, all, healthy == 1 ? "is" : "are");
  }

  private static List<String> effects(
      String ring, boolean single, List<String> healthy, double share, List<InstanceRow> rows) {
    List<String> effects = new ArrayList<>();
    effects.add(
        "Forgetting removes %s from the %s ring of every node."
            .formatted(single ? "it" : "them", ring));
    if (!healthy.isEmpty()) {
      effects.add(
          (single
                  ? "Being alive, it registers anew at once with the same tokens."
                  : "Alive, and so registered anew at once with the same tokens: "
                      + Words.names(healthy)
                      + ".")
              + " To take "
              + (single ? "it" : "one")
              + " out for good, stop its daemon: it leaves by itself.");
    }
    String heirs = single ? rows.get(0).heirs() : "the owners of the next tokens";
    if (!heirs.isEmpty()) {
      effects.add(
          (healthy.isEmpty() ? "" : "Until " + (single ? "it is" : "they are") + " back, ")
              + (healthy.isEmpty() ? (single ? "Its " : "Their ") : (single ? "its " : "their "))
              + Words.percent(share)
              + " of the keys moves to "
              + heirs
              + ".");
    }
    return effects;
  }
}
