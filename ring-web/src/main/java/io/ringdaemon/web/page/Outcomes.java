package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the last things forgotten through this node's pages, so that the page that follows
 * can tell. <b>Bounds:</b> the last hundred. <b>Threading:</b> any thread.
 */
final class Outcomes {
  private static final int MOST = 100;

  /** A change that was carried out; {@code living} are those that register anew. */
  private record Done(
      String ring,
      List<String> forgotten,
      List<String> living,
      List<Sighting> nodes,
      List<String> otherRings,
      Instant at) {}

  private final Map<String, Done> last = new LinkedHashMap<>();
  private long number;

  /** Keeps it; the number to ask for it. */
  synchronized String add(
      String ring,
      List<String> forgotten,
      List<String> living,
      List<Sighting> nodes,
      List<String> otherRings,
      Instant at) {
    String id = Long.toString(++number);
    last.put(id, new Done(ring, forgotten, living, nodes, otherRings, at));
    if (last.size() > MOST) {
      last.remove(last.keySet().iterator().next());
    }
    return id;
  }

  private synchronized Optional<Done> done(String id) {
    return Optional.ofNullable(last.get(id));
  }

  /** The outcome of that number, if it was in this ring, and whether it holds still. */
  Optional<RingPage.Outcome> shown(String id, RingStatus status) {
    return done(id).filter(done -> done.ring().equals(status.name())).map(it -> shown(it, status));
  }

  private static RingPage.Outcome shown(Done done, RingStatus status) {
    List<String> lines = new ArrayList<>();
    long gone = done.nodes().stream().filter(Sighting::gone).count();
    Duration slowest =
        done.nodes().stream()
            .filter(Sighting::gone)
            .map(Sighting::after)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    boolean well = gone == done.nodes().size();
    String who = Words.names(done.forgotten());
    String what =
        done.forgotten().size() == done.living().size()
            ? "Forgot " + who + "."
            : "Forgot %s: gone on %d of %s after %s."
                .formatted(
                    who, gone, Words.count(done.nodes().size(), "node", "nodes"), seconds(slowest));
    if (done.forgotten().size() > done.living().size()) {
      done.nodes().forEach(node -> lines.add(line(node)));
    }
    if (!done.otherRings().isEmpty()) {
      lines.add("Also forgotten in: " + Words.names(done.otherRings()) + ".");
    }
    for (String id : done.forgotten()) {
      Optional<Instance> back = status.ring().instance(id);
      back.ifPresent(one -> lines.add(returned(one, status, done)));
      well &= back.isEmpty() || done.living().contains(id);
    }
    return new RingPage.Outcome(well, what, lines.stream().limit(MOST).toList());
  }

  private static String line(Sighting node) {
    String name = Words.shown(node.node());
    if (!node.answered()) {
      return name + ": no answer within " + seconds(node.after()) + "; look there again.";
    }
    return node.gone()
        ? name + ": gone after " + seconds(node.after()) + "."
        : name + ": still shows " + Words.names(node.still()) + ".";
  }

  private static String returned(Instance one, RingStatus status, Done done) {
    String at =
        status.events().stream()
            .filter(event -> event.instance().equals(one.id()) && !event.at().isBefore(done.at()))
            .filter(event -> event.kind().equals("returned") || event.kind().equals("joined"))
            .findFirst()
            .map(event -> " at " + When.clock(event.at()) + " UTC")
            .orElse("");
    return Words.shown(one.id())
        + " is back"
        + at
        + ": its process lives and registered anew. Stop it to take it out for good.";
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
