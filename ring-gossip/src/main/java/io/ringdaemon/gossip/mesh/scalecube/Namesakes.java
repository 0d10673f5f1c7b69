package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.PeerId;
import io.scalecube.cluster.Member;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which of two lives of one name counts. A restart elsewhere takes over at once; but where
 * the earlier life still answers, these are two nodes with one name, and the earlier one counts, so
 * that a careless start harms nobody (design.md section 6). The earlier one is asked directly:
 * until it has answered, or been silent for 400 ms, it counts. Confined to the loop.
 */
final class Namesakes {
  private static final Duration ANSWER = Duration.ofMillis(400);
  private static final Logger LOG = LoggerFactory.getLogger(Namesakes.class);

  private final PeerTable peers;
  private final Probes probes;

  Namesakes(PeerTable peers, Probes probes) {
    this.peers = peers;
    this.probes = probes;
  }

  /** There is contact with {@code member}, which the table is about to be told. */
  void met(Member member, PeerId id) {
    Optional<PeerTable.Namesake> earlier = peers.earliest(id.name(), member.address());
    if (earlier.isEmpty()) {
      return;
    }
    PeerTable.Namesake other = earlier.get();
    if (id.life() < other.id().life()) {
      peers.prefer(id.name(), member.id(), true); // it is the earlier one, and just spoke
      return;
    }
    peers.prefer(id.name(), other.memberId(), false);
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    var unused =
        answer.thenAccept(
            there -> {
              if (there) {
                peers.prefer(id.name(), other.memberId(), true);
              } else {
                LOG.info("peer={} is at {} now, was at {}", id, member.address(), other.address());
                peers.prefer(id.name(), member.id(), false);
              }
            });
    probes.ask(other.id(), other.address(), ANSWER, answer);
  }
}
