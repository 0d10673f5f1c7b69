package io.ringdaemon.web.page;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A ring, as somebody needs it who was woken by it: the verdict, who leads, a key's owners, what
 * needs action, then the rest (reference/interfaces.md 4c).
 *
 * @param action where its forms go
 * @param unwell the first that need action; {@code more} are not among them
 * @param circle empty in a ring too large to be drawn
 */
public record RingPage(
    Frame frame,
    String name,
    String action,
    Verdict verdict,
    Leader leader,
    List<Fact> facts,
    KeyBox key,
    List<InstanceRow> unwell,
    int more,
    RingTable table,
    Optional<Circle> circle,
    Optional<Zones> zones,
    Forget forget,
    List<EventRow> events) {
  private static final int MOST_UNWELL = 20;
  private static final int MOST_EVENTS = 50;

  /**
   * Who leads. {@code state} is one of {@code none} (election off), {@code nobody}, {@code led}.
   */
  public record Leader(
      String state,
      String id,
      boolean self,
      long epoch,
      When since,
      String policy,
      String strength) {}

  /** A figure with its name. */
  public record Fact(String name, String value) {}

  /** Something that happened. */
  public record EventRow(When at, String kind, String instance, String text) {}

  /**
   * What may be forgotten at once, and what became of the last change.
   *
   * @param unhealthy how many are
   * @param outcome empty: nothing was forgotten just now
   */
  public record Forget(int unhealthy, String ask, Optional<Outcome> outcome) {}

  /** What became of a change, a line for each node; {@code well}: it is done everywhere. */
  public record Outcome(boolean well, String what, List<String> lines) {}

  static String render(Service service, RingStatus status, RingQuery query, Outcomes outcomes) {
    return Templates.render("ring", of(service, status, query, outcomes));
  }

  static RingPage of(Service service, RingStatus status, RingQuery query, Outcomes outcomes) {
    NodeStatus node = service.node();
    Ring ring = status.ring();
    Verdict verdict = Verdict.of(status, node, service.nanoTime());
    RingContext context = RingContext.of(status, node, service.nanoTime());
    String path = Paths.ring(status.name());
    Frame frame =
        Frame.of(service, path, Words.shown(status.name()) + " ring", verdict.alarm())
            .following(status);
    KeyBox key =
        query.key().isEmpty() ? KeyBox.unasked() : KeyBox.of(ring, query.key(), query.operation());
    List<Instance> all = ring.instances();
    double[] shares = ring.shares();
    List<Integer> unwell =
        IntStream.range(0, all.size()).filter(i -> !all.get(i).health().well()).boxed().toList();
    boolean small = ring.tokenCount() <= 64 << 10;
    return new RingPage(
        key.asked() || query.filters() || !query.done().isEmpty() ? frame.unhurried() : frame,
        Words.shown(status.name()),
        path,
        verdict,
        leader(status, node, service.nanoTime()),
        facts(status),
        key,
        unwell.stream()
            .limit(MOST_UNWELL)
            .map(
                i ->
                    InstanceRow.of(
                        all.get(i), i, shares[i], context, small ? Heirs.of(ring, all.get(i)) : ""))
            .toList(),
        Math.max(0, unwell.size() - MOST_UNWELL),
        RingTable.of(ring, query, context),
        all.size() <= Circle.MOST_INSTANCES && ring.tokenCount() > 0
            ? Optional.of(Circle.of(ring, key.point(), query))
            : Optional.empty(),
        all.size() > Circle.MOST_INSTANCES
            ? Optional.of(Zones.of(ring, query, context))
            : Optional.empty(),
        new Forget(
            (int) all.stream().filter(one -> !one.health().healthy()).count(),
            path + "?ask=unhealthy",
            outcomes.shown(query.done(), status)),
        rows(status.events().stream().limit(MOST_EVENTS).toList(), node.now()));
  }

  static List<EventRow> rows(List<RingStatus.Event> events, Instant now) {
    return events.stream()
        .map(
            event ->
                new EventRow(
                    When.of(event.at(), now),
                    Words.shown(event.kind()),
                    Words.shown(event.instance()),
                    Words.sentence(event.text())))
        .toList();
  }

  private static Leader leader(RingStatus status, NodeStatus node, long nanoTime) {
    When never = When.of(node.now(), node.now());
    if (status.leadership().isEmpty()) {
      return new Leader("none", "", false, 0, never, "", "");
    }
    Leadership leadership = status.leadership().get();
    When since = When.of(leadership.since(), node.now());
    return leadership
        .leaderAt(nanoTime)
        .map(
            leader ->
                new Leader(
                    "led",
                    Words.shown(leader.instanceId()),
                    leadership.selfLeads(nanoTime),
                    leader.epoch(),
                    since,
                    leadership.policy(),
                    leadership.strength()))
        .orElseGet(
            () ->
                new Leader(
                    "nobody",
                    "",
                    false,
                    leadership.epoch(),
                    since,
                    leadership.policy(),
                    leadership.strength()));
  }

  private static List<Fact> facts(RingStatus status) {
    Ring ring = status.ring();
    List<String> zones = ring.zones().stream().filter(zone -> !zone.isEmpty()).toList();
    String aware = ring.options().zoneAware() ? ", one replica each" : "";
    return List.of(
        new Fact("Instances", Integer.toString(ring.instances().size())),
        new Fact("Zones", zones.isEmpty() ? "none" : Words.names(zones) + aware),
        new Fact("Replication factor", Integer.toString(ring.options().replicationFactor())),
        new Fact("Tokens", String.format(java.util.Locale.ROOT, "%,d", ring.tokenCount())),
        new Fact("Store", Words.shown(status.store())),
        new Fact("Version", ring.version()));
  }
}
