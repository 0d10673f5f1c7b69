package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.proto.SwimRecord;
import io.scalecube.cluster.membership.MembershipDoor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees suspicion and its refutation, of which scalecube tells nobody, in the records that pass our
 * transport, and tells the table. SUSPECT counts unless a higher incarnation was alive; ALIVE of a
 * higher incarnation takes it back. Source: reference/scalecube.md 2.4, 5.3. Confined to the loop.
 * <b>Bounds:</b> 4,000 members, those heard of longest ago forgotten first; no more than 2,000
 * members are let in.
 */
final class RecordWatch {
  static final int MOST_MEMBERS = 2_000;
  private static final int MOST = 4_000;

  // We answer a suspicion with the next higher incarnation, which others must still believe.
  private static final int REFUTABLE = 1_000_000;
  private static final int CREDIBLE = 2_000_000;

  private final PeerTable peers;
  private final String ownMember;
  private final Map<String, Integer> alive = newest();
  private final Map<String, Integer> suspected = newest();

  RecordWatch(PeerTable peers, String ownMember) {
    this.peers = peers;
    this.ownMember = ownMember;
  }

  /** A record about somebody else went or came. */
  void passed(SwimRecord record) {
    String id = record.getMember().getId();
    int incarnation = record.getIncarnation();
    int lived = alive.getOrDefault(id, -1);
    if (record.getStatus() == SwimRecord.Status.ALIVE) {
      alive.put(id, Math.max(lived, incarnation));
      Integer doubt = suspected.get(id);
      if (doubt != null && incarnation > doubt) {
        suspected.remove(id);
        peers.believe(id, PeerState.ALIVE);
      }
    } else if (record.getStatus() == SwimRecord.Status.SUSPECT && incarnation >= lived) {
      Integer before = suspected.put(id, incarnation);
      if (before == null || before < incarnation) {
        peers.believe(id, PeerState.SUSPECT);
      }
    }
  }

  /** Whether somebody suspects it and it has not answered that. */
  boolean suspects(String memberId) {
    return suspected.containsKey(memberId);
  }

  /** There was contact: an older suspicion is void. */
  void contacted(String memberId) {
    suspected.remove(memberId);
  }

  /** Whether scalecube may see a record that came. */
  boolean welcome(SwimRecord record) {
    String id = record.getMember().getId();
    if (id.equals(ownMember)) {
      return record.getIncarnation() <= REFUTABLE;
    }
    return record.getIncarnation() <= CREDIBLE
        && (peers.knows(id) || peers.reachable() < MOST_MEMBERS);
  }

  /** Those who answer us, as a SYNC would tell it. */
  List<SwimRecord> known() {
    return peers.reachableMembers().stream()
        .map(
            member ->
                SwimRecord.newBuilder()
                    .setMember(MembershipDoor.writeMember(member))
                    .setStatus(SwimRecord.Status.ALIVE)
                    .setIncarnation(Math.max(0, alive.getOrDefault(member.id(), 0)))
                    .build())
        .toList();
  }

  private static Map<String, Integer> newest() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
        return size() > MOST;
      }
    };
  }
}
