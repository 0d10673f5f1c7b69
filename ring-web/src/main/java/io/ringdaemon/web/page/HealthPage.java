package io.ringdaemon.web.page;

import io.ringdaemon.web.GossipStatus;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import io.ringdaemon.web.page.Finding.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All that is wrong as far as this node sees, in words: what is so, what follows, what to do; and
 * what was looked at and found well.
 */
public record HealthPage(Frame frame, Finding worst, int wrong, List<Part> parts) {
  /** Seconds a change may take on its way before it is worth a word. */
  private static final double SLOW_GOSSIP = 2;

  /** What was looked at. */
  public record Part(String name, String href, List<Finding> findings) {}

  static String render(Service service) {
    return Templates.render("health", of(service));
  }

  static HealthPage of(Service service) {
    NodeStatus node = service.node();
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("This node", "/", node(service, node)));
    for (RingStatus status : service.rings()) {
      parts.add(
          new Part(
              "Ring " + Words.shown(status.name()),
              Paths.ring(status.name()),
              ring(status, node, service.nanoTime())));
    }
    parts.add(new Part("Members", "/memberlist", members(service, node)));
    service
        .gossip()
        .ifPresent(gossip -> parts.add(new Part("Gossip", "/memberlist", gossip(gossip))));
    List<Finding> all = parts.stream().flatMap(part -> part.findings().stream()).toList();
    int wrong = (int) all.stream().filter(one -> one.level().compareTo(Level.WARNING) >= 0).count();
    String alarm = wrong == 0 ? "" : wrong + " wrong";
    return new HealthPage(
        Frame.of(service, "/health", "Health", alarm),
        wrong == 0 ? well("Nothing is wrong, as far as this node sees.") : worst(parts),
        wrong,
        parts);
  }

  /** The worst, with where it is. */
  private static Finding worst(List<Part> parts) {
    Finding worst = well("");
    for (Part part : parts) {
      for (Finding finding : part.findings()) {
        if (finding.level().compareTo(worst.level()) > 0) {
          String what = part.name() + ": " + finding.what();
          worst = new Finding(finding.level(), "", what, finding.effect(), finding.todo());
        }
      }
    }
    return worst;
  }

  private static Finding well(String what) {
    return new Finding(Level.WELL, "", what, "", "");
  }

  private static List<Finding> node(Service service, NodeStatus node) {
    List<Finding> findings = new ArrayList<>();
    for (String alert : node.alerts()) {
      findings.add(new Finding(Level.ALARM, "", Words.sentence(alert), "", ""));
    }
    for (String reason : service.notReady()) {
      findings.add(
          new Finding(
              Level.WARNING,
              "",
              "Not ready: " + Words.sentence(reason) + ".",
              "/ready answers 503, so a supervisor waits for this node.",
              "After a start this passes within seconds; else mend what is named."));
    }
    if (findings.isEmpty()) {
      findings.add(
          well(
              "Ready, up for "
                  + When.of(node.started(), node.now()).age()
                  + ", no alarm of its own."));
    }
    return findings;
  }

  /** The ring's verdict without what this node's own part says already. */
  private static List<Finding> ring(RingStatus status, NodeStatus node, long nanoTime) {
    List<Finding> findings =
        Verdict.of(status, node, nanoTime).findings().stream()
            .filter(finding -> !finding.tag().equals("node alert"))
            .toList();
    return findings.isEmpty() ? List.of(well("The ring itself is well.")) : findings;
  }

  private static List<Finding> members(Service service, NodeStatus node) {
    List<MemberRow> members = MembersPage.rows(service, node);
    List<Finding> findings = new ArrayList<>();
    if (members.isEmpty()) {
      findings.add(well("No ring here gossips: there is no mesh to look at."));
      return findings;
    }
    findings.add(MembersPage.verdict(members));
    for (MemberRow member : members) {
      for (String other : member.disagreements()) {
        findings.add(
            new Finding(
                Level.WARNING,
                "",
                "%s is %s in the mesh, but %s.".formatted(member.name(), member.state(), other),
                "Mesh and ring disagree about it.",
                "Within seconds of a change that is normal; if it stays, look whether its daemon"
                    + " writes heartbeats (its log, its clock)."));
      }
    }
    return findings;
  }

  private static List<Finding> gossip(GossipStatus gossip) {
    if (gossip.delays() == 0) {
      return List.of(well("No delay was measured lately: no other node was heard."));
    }
    Optional<Finding> slow =
        gossip.delayP99() <= SLOW_GOSSIP
            ? Optional.empty()
            : Optional.of(
                new Finding(
                    Level.WARNING,
                    "",
                    String.format(
                        Locale.ROOT,
                        "One change in a hundred took longer than %.1f s to get here.",
                        gossip.delayP99()),
                    "Other nodes' changes are seen late, and so is a death.",
                    "Look for a node or a link under load (Members: last contact)."));
    return List.of(
        slow.orElseGet(() -> well(GossipBox.of(gossip, java.time.Instant.EPOCH).delay())));
  }
}
