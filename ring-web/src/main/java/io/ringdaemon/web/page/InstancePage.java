package io.ringdaemon.web.page;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All there is to know of one instance: what it says of itself, how it is judged, which keys it
 * owns, what happened to it.
 *
 * @param ranges the first parts of the circle it owns; {@code more} are left out
 */
public record InstancePage(
    Frame frame,
    String ring,
    String action,
    InstanceRow row,
    List<RingPage.Fact> facts,
    List<Range> ranges,
    int more,
    String heirs,
    List<RingPage.EventRow> events) {
  private static final int MOST_RANGES = 1_000;
  private static final int SMALL = 64 << 10;

  /** Keys from {@code start} to {@code end}, the token that owns them, and their share. */
  public record Range(String start, String end, String token, String share) {}

  static String render(Service service, RingStatus status, Instance one) {
    return Templates.render("instance", of(service, status, one));
  }

  static InstancePage of(Service service, RingStatus status, Instance one) {
    Ring ring = status.ring();
    NodeStatus node = service.node();
    RingContext context = RingContext.of(status, node, service.nanoTime());
    int ordinal = ring.ordinal(one.id());
    List<Ring.Arc> arcs = ring.arcs(one.id());
    String heirs = ring.tokenCount() <= SMALL ? Heirs.of(ring, one) : "";
    InstanceRow row = InstanceRow.of(one, ordinal, ring.shares()[ordinal], context, heirs);
    String alarm = one.health().well() ? "" : row.health();
    return new InstancePage(
        Frame.of(service, Paths.ring(status.name()), row.name(), alarm).following(status),
        Words.shown(status.name()),
        Paths.ring(status.name()),
        row,
        facts(one, node.now()),
        arcs.stream().limit(MOST_RANGES).map(InstancePage::range).toList(),
        Math.max(0, arcs.size() - MOST_RANGES),
        heirs,
        RingPage.rows(
            status.events().stream().filter(event -> event.instance().equals(one.id())).toList(),
            node.now()));
  }

  private static Range range(Ring.Arc arc) {
    long last = arc.end() == 0 ? (1L << 32) - 1 : arc.end() - 1;
    return new Range(
        number(arc.start()),
        number(last),
        number(arc.end()),
        Words.fine(arc.length() / 4294967296.0));
  }

  private static String number(long point) {
    return String.format(Locale.ROOT, "%,d", point);
  }

  private static List<RingPage.Fact> facts(Instance one, Instant now) {
    InstanceDesc desc = one.desc();
    List<RingPage.Fact> facts = new ArrayList<>();
    facts.add(new RingPage.Fact("Address", orSo(desc.addr(), "none given")));
    facts.add(new RingPage.Fact("Zone", orSo(one.zone(), "none")));
    facts.add(
        new RingPage.Fact("Registered", moment(desc.registered(), now, "not told by its program")));
    facts.add(new RingPage.Fact("Last heartbeat", moment(desc.timestamp(), now, "none yet")));
    facts.add(
        new RingPage.Fact(
            "Read-only",
            desc.readOnly().on()
                ? "yes, " + moment(desc.readOnly().updated(), now, "since when is not told")
                : "no"));
    facts.add(
        new RingPage.Fact(
            "Node",
            desc.origin().node().isEmpty()
                ? "not told: a foreign program"
                : Words.shown(desc.origin().node())));
    if (desc.origin().life() > 0) {
      facts.add(new RingPage.Fact("Process since", moment(desc.origin().life() / 1000, now, "")));
    }
    facts.add(new RingPage.Fact("Versions", versions(desc.versions())));
    facts.add(
        new RingPage.Fact(
            "Tokens", one.owned().size() + " owned of " + desc.tokens().size() + " claimed"));
    return facts;
  }

  /** Component and version, as its program numbers them; ours by name. */
  private static String versions(Map<Long, Long> versions) {
    List<String> worded =
        versions.entrySet().stream()
            .map(
                one ->
                    (one.getKey() == InstanceDesc.RING_DAEMON ? "ring-daemon" : one.getKey())
                        + " "
                        + one.getValue())
            .toList();
    return worded.isEmpty() ? "none told" : String.join(", ", worded);
  }

  private static String moment(long unix, Instant now, String never) {
    if (unix == 0) {
      return never;
    }
    When when = When.of(Instant.ofEpochSecond(unix), now);
    return when.age() + " ago, " + when.utc();
  }

  private static String orSo(String text, String none) {
    return text.isEmpty() ? none : Words.shown(text);
  }
}
