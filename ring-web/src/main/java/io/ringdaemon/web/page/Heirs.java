package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who gets the keys of an instance once it is forgotten: the owners of the next tokens. */
final class Heirs {
  private Heirs() {}

  /** In words: {@code a (12.0 %) and b (19.8 %)}; empty if nobody is left. */
  static String of(Ring ring, Instance leaving) {
    List<Ring.Arc> arcs = ring.arcs();
    Map<String, Long> gains = new TreeMap<>();
    String next = firstOther(arcs, leaving);
    for (int i = arcs.size() - 1; i >= 0 && !next.isEmpty(); i--) {
      Ring.Arc arc = arcs.get(i);
      if (arc.owner().id().equals(leaving.id())) {
        gains.merge(next, arc.length(), Long::sum);
      } else {
        next = arc.owner().id();
      }
    }
    List<String> worded = new ArrayList<>();
    gains.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            gain ->
                worded.add(
                    Words.shown(gain.getKey())
                        + " ("
                        + Words.percent(gain.getValue() / 4294967296.0)
                        + ")"));
    return Words.names(worded);
  }

  private static String firstOther(List<Ring.Arc> arcs, Instance leaving) {
    return arcs.stream()
        .map(arc -> arc.owner().id())
        .filter(id -> !id.equals(leaving.id()))
        .findFirst()
        .orElse("");
  }
}
