package io.ringdaemon.web.page;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import io.ringdaemon.web.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is in the mesh, gone ones among them, and what the gossip store holds. */
public record MembersPage(
    Frame frame,
    Finding verdict,
    List<MemberRow> members,
    boolean zones,
    List<KeyRow> keys,
    Optional<GossipBox> gossip) {

  /** A key of the gossip store. */
  public record KeyRow(
      String key,
      String href,
      String codec,
      long version,
      String size,
      int entries,
      int tombstones,
      When updated,
      boolean deleted,
      String deletion) {}

  static String render(Service service) {
    return Templates.render("members", of(service));
  }

  static MembersPage of(Service service) {
    NodeStatus node = service.node();
    List<MemberRow> members = rows(service, node);
    Finding verdict = verdict(members);
    return new MembersPage(
        Frame.of(service, "/memberlist", "Members", verdict.tag()),
        verdict,
        members,
        members.stream().anyMatch(member -> !member.zone().isEmpty()),
        service.keys().stream()
            .map(
                key ->
                    new KeyRow(
                        Words.shown(key.key()),
                        Paths.viewKey(key.key()),
                        Words.shown(key.codec()),
                        key.version(),
                        size(key.bytes()),
                        key.entries(),
                        key.tombstones(),
                        When.of(key.updated(), node.now()),
                        key.deleted(),
                        Paths.deleteKey(key.key())))
            .toList(),
        service.gossip().map(status -> GossipBox.of(status, node.now())));
  }

  static List<MemberRow> rows(Service service, NodeStatus node) {
    List<RingStatus> rings = service.rings();
    return service.members().stream()
        .map(member -> MemberRow.of(member, node, disagreements(member, rings)))
        .toList();
  }

  /** Where a ring says otherwise than the mesh: named, so that nobody compares pages at night. */
  private static List<String> disagreements(MemberStatus member, List<RingStatus> rings) {
    List<String> found = new ArrayList<>();
    boolean alive = member.state().equals("alive");
    for (RingStatus status : rings) {
      for (Instance one : status.ring().instances()) {
        boolean its =
            one.desc().origin().node().equals(member.name())
                && one.desc().origin().life() == member.life().toEpochMilli();
        if (its && alive != one.health().healthy() && !member.state().equals("suspect")) {
          found.add(
              "%s in the %s ring is %s"
                  .formatted(
                      Words.shown(one.id()),
                      Words.shown(status.name()),
                      InstanceRow.word(one.health())));
        }
      }
    }
    return found;
  }

  static Finding verdict(List<MemberRow> members) {
    List<String> dead = named(members, "dead");
    List<String> suspect = named(members, "suspect");
    long alive = members.stream().filter(member -> member.state().equals("alive")).count();
    if (!dead.isEmpty()) {
      return new Finding(
          Finding.Level.ALARM,
          dead.size() + " dead",
          Words.names(dead) + (dead.size() == 1 ? " is dead." : " are dead."),
          Words.count(alive, "member is", "members are") + " alive.",
          "They stay listed until they return or are forgotten.");
    }
    if (!suspect.isEmpty()) {
      return new Finding(
          Finding.Level.WARNING,
          suspect.size() + " suspect",
          Words.names(suspect) + (suspect.size() == 1 ? " does" : " do") + " not answer.",
          "They will answer, or count as dead within seconds.",
          "");
    }
    return new Finding(
        Finding.Level.WELL,
        "",
        alive == 1
            ? "This node is alone: it has met no other."
            : "All " + alive + " members are alive.",
        "",
        "");
  }

  private static List<String> named(List<MemberRow> members, String state) {
    return members.stream()
        .filter(member -> member.state().equals(state))
        .map(MemberRow::name)
        .toList();
  }

  private static String size(long bytes) {
    return bytes < 10_000 ? bytes + " B" : bytes / 1024 + " KiB";
  }
}
