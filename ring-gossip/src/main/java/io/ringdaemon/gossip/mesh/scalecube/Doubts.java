package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.PeerState;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Suspicion of our own, faster than scalecube's: a peer that broke our connection and refuses the
 * next is SUSPECT here at once, until anything comes from it. Nobody else is told, so that a crash
 * causes no burst of gossip; DEAD stays scalecube's decision. Source: reference/scalecube.md 5.3.
 * Confined to the loop. <b>Bounds:</b> 2,000 doubts.
 */
final class Doubts {
  private final PeerTable peers;
  private final RecordWatch records;
  private final Set<String> doubted = new LinkedHashSet<>();

  Doubts(PeerTable peers, RecordWatch records) {
    this.peers = peers;
    this.records = records;
  }

  /** It can't be reached. */
  void raise(String memberId) {
    if (doubted.size() < RecordWatch.MOST_MEMBERS) {
      doubted.add(memberId);
      peers.believe(memberId, PeerState.SUSPECT);
    }
  }

  /** Something came from it. */
  void contact(String memberId) {
    if (doubted.remove(memberId) && !records.suspects(memberId)) {
      peers.believe(memberId, PeerState.ALIVE);
    }
  }

  /** It is no longer of interest. */
  void gone(String memberId) {
    doubted.remove(memberId);
  }
}
