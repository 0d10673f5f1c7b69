package io.ringdaemon.web.page;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.page.RingPage.EventRow;
import java.util.Comparator;
import java.util.List;

/** This node, every ring in a line, the members in a line each, what happened lately. */
public record OverviewPage(
    Frame frame,
    List<RingPage.Fact> facts,
    List<String> alerts,
    List<String> notReady,
    List<RingLine> rings,
    List<MemberRow> members,
    int otherMembers,
    List<EventRow> events) {
  private static final int MOST_MEMBERS = 20;
  private static final int MOST_EVENTS = 15;

  /**
   * A ring in short.
   *
   * @param leader empty: {@code leading} says why
   */
  public record RingLine(
      String name,
      String href,
      Finding verdict,
      String leader,
      String leading,
      String healthy,
      String store) {}

  static String render(Service service) {
    return Templates.render("overview", of(service));
  }

  static OverviewPage of(Service service) {
    NodeStatus node = service.node();
    List<RingLine> rings =
        service.rings().stream().map(status -> line(service, node, status)).toList();
    List<MemberRow> members = MembersPage.rows(service, node);
    String alarm =
        String.join(
            ", ",
            service.rings().stream()
                .map(status -> Verdict.of(status, node, service.nanoTime()).alarm())
                .filter(text -> !text.isEmpty())
                .limit(2)
                .toList());
    return new OverviewPage(
        Frame.of(service, "/", "Overview", alarm),
        List.of(
            new RingPage.Fact("Node", Words.shown(node.name())),
            new RingPage.Fact("HTTP", Words.shown(node.httpAddress())),
            new RingPage.Fact("Gossip", Words.shown(node.gossipAddress())),
            new RingPage.Fact("Cluster", Words.shown(node.clusterLabel())),
            new RingPage.Fact("Up for", When.of(node.started(), node.now()).age()),
            new RingPage.Fact("Release", node.release())),
        node.alerts().stream().map(Words::sentence).toList(),
        service.notReady().stream().map(Words::sentence).toList(),
        rings,
        members.stream().limit(MOST_MEMBERS).toList(),
        Math.max(0, members.size() - MOST_MEMBERS),
        RingPage.rows(
            service.rings().stream()
                .flatMap(
                    status ->
                        status.events().stream()
                            .map(
                                event ->
                                    new RingStatus.Event(
                                        event.at(),
                                        Words.shown(event.kind()),
                                        event.instance(),
                                        status.name() + ": " + event.text())))
                .sorted(Comparator.comparing(RingStatus.Event::at).reversed())
                .limit(MOST_EVENTS)
                .toList(),
            node.now()));
  }

  private static RingLine line(Service service, NodeStatus node, RingStatus status) {
    long healthy = status.ring().instances().stream().filter(one -> one.health().healthy()).count();
    String leader =
        status
            .leadership()
            .flatMap(leadership -> leadership.leaderAt(service.nanoTime()))
            .map(Leadership.Leader::instanceId)
            .map(Words::shown)
            .orElse("");
    return new RingLine(
        Words.shown(status.name()),
        Paths.ring(status.name()),
        Verdict.of(status, node, service.nanoTime()).first(),
        leader,
        status.leadership().isEmpty()
            ? "not elected"
            : status.leadership().map(it -> "epoch " + it.epoch()).orElse(""),
        healthy + " of " + status.ring().instances().size(),
        Words.shown(status.store()));
  }
}
