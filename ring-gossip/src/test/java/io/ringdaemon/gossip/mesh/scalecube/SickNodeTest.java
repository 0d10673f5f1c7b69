package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that is ill itself harms nobody else, and recovers where it can. */
class SickNodeTest {
  private final VirtualCluster cluster = new VirtualCluster(6);

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void aNodeWhoseLoopStoodStillAccusesNobody() {
    cluster.ownThread = true;
    cluster.gather(6);
    Node slow = cluster.nodes.get("n3");
    for (int i = 0; i < 50; i++) {
      slow.loop.freeze(Duration.ofMillis(700));
      cluster.time.runFor(Duration.ofMillis(2_000 + 37 * i));
    }
    for (Node node : cluster.running()) {
      assertThat(node.seen.changes)
          .filteredOn(peer -> !peer.id().equals(slow.id()))
          .extracting(Peer::state)
          .containsOnly(PeerState.ALIVE);
    }
    assertThat(slow.metrics.counter("ring_daemon_mesh_spared_probes_total", "").sum()).isPositive();
  }

  @Test
  void aNodeThatIsAlwaysLateStillNoticesThatItsOnlyPeerIsGone() {
    cluster.gather(2);
    Node late = cluster.nodes.get("n1");
    PeerId gone = cluster.nodes.get("n2").id();
    cluster.vanish("n2");
    for (int i = 0; i < 60 && late.of(gone) != PeerState.DEAD; i++) {
      late.loop.freeze(Duration.ofMillis(300));
      cluster.time.runFor(Duration.ofMillis(500));
    }
    assertThat(late.of(gone)).isEqualTo(PeerState.DEAD);
  }

  @Test
  void aDeafMembershipLayerIsBegunAnewAndTheOthersNoticeNothing() {
    cluster.gather(5);
    cluster.time.runFor(Duration.ofMinutes(1));
    Node sick = cluster.nodes.get("n2");
    cluster.deafen("n2");
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(sick.metrics.counter("ring_daemon_mesh_restarts_total", "").sum()).isEqualTo(1);
    cluster.untilConverged(Duration.ofSeconds(20));
    cluster.time.runFor(Duration.ofMinutes(3));
    assertThat(cluster.converged()).isTrue();
    // It hears, gossips and notices as before.
    PeerId victim = cluster.nodes.get("n5").id();
    cluster.vanish("n5");
    cluster.time.runUntil(
        Duration.ofSeconds(12),
        () -> cluster.running().stream().allMatch(node -> node.of(victim) == PeerState.DEAD));
    cluster.start("n6", VirtualCluster.address("n2"));
    cluster.untilConverged(Duration.ofSeconds(5));
    assertThat(sick.metrics.counter("ring_daemon_mesh_restarts_total", "").sum()).isEqualTo(1);
  }

  @Test
  void whoDiedWhileThisNodeWasDeafIsMissed() {
    cluster.gather(4);
    cluster.time.runFor(Duration.ofMinutes(1));
    Node sick = cluster.nodes.get("n2");
    List<PeerId> dead = List.of(cluster.nodes.get("n3").id());
    cluster.deafen("n2");
    cluster.vanish("n3");
    cluster.time.runFor(Duration.ofSeconds(60));
    assertThat(dead).allMatch(id -> sick.of(id) == PeerState.DEAD);
    assertThat(cluster.converged()).isTrue();
  }
}
