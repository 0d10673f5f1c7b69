package io.ringdaemon.web.page;

import io.ringdaemon.web.MemberStatus;
import io.ringdaemon.web.NodeStatus;
import java.util.List;

/**
 * A member of the mesh on a page.
 *
 * @param disagreements what its instances are in rings that say otherwise than the mesh
 */
public record MemberRow(
    String name,
    boolean self,
    String addr,
    String http,
    String zone,
    String state,
    String style,
    When since,
    When lastContact,
    When life,
    String release,
    List<String> disagreements) {

  static MemberRow of(MemberStatus member, NodeStatus node, List<String> disagreements) {
    return new MemberRow(
        Words.shown(member.name()),
        member.self(),
        Words.shown(member.addr()),
        Words.shown(member.httpAddress()),
        Words.shown(member.zone()),
        Words.shown(member.state()),
        switch (member.state()) {
          case "alive" -> "well";
          case "suspect" -> "warning";
          case "left" -> "notice";
          default -> "alarm";
        },
        When.of(member.since(), node.now()),
        When.of(member.lastContact(), node.now()),
        When.of(member.life(), node.now()),
        Words.shown(member.release()),
        disagreements);
  }
}
