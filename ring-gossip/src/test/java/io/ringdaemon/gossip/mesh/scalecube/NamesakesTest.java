package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two lives of one name: a restart takes over, a second node doesn't. */
class NamesakesTest {
  private static final String SEED = VirtualCluster.address("n1");

  private final VirtualCluster cluster = new VirtualCluster(8);

  @AfterEach
  void end() {
    cluster.close();
  }

  private Node second() {
    return cluster.startAt("n3", "10.0.0.33", config -> config.withSeeds(List.of(SEED)));
  }

  @Test
  void theEarlierOfTwoLiveNodesCountsThroughoutAndBothAreNamed() {
    cluster.gather(4);
    Node first = cluster.nodes.get("n3");
    Node second = second();
    cluster.time.runFor(Duration.ofSeconds(30));
    for (Node observer : List.of(cluster.nodes.get("n2"), cluster.nodes.get("n4"))) {
      assertThat(observer.of(first.id())).isEqualTo(PeerState.ALIVE);
      assertThat(observer.of(second.id())).isEqualTo(PeerState.DEAD);
      assertThat(observer.seen.ever("n3", PeerState.SUSPECT)).isFalse();
      assertThat(observer.seen.changes)
          .filteredOn(peer -> peer.id().equals(first.id()))
          .allMatch(peer -> peer.state() == PeerState.ALIVE);
      assertThat(observer.mesh.troubles().toString())
          .contains("10.0.0.3:7946", "10.0.0.33:7946", "\"n3\"");
    }
    assertThat(second.of(first.id())).isEqualTo(PeerState.ALIVE);
    assertThat(second.mesh.troubles().toString()).contains("10.0.0.3:7946", "10.0.0.33:7946");
    assertThat(first.mesh.troubles().toString()).contains("10.0.0.3:7946", "10.0.0.33:7946");
    cluster.assertNoTwins();
  }

  @Test
  void whoComesLaterSeesItTheSameWay() {
    cluster.gather(4);
    Node first = cluster.nodes.get("n3");
    Node second = second();
    cluster.time.runFor(Duration.ofSeconds(10));
    for (int i = 5; i < 10; i++) {
      Node late = cluster.start("n" + i, SEED);
      cluster.time.runFor(Duration.ofSeconds(10));
      assertThat(late.of(first.id())).isEqualTo(PeerState.ALIVE);
      assertThat(late.of(second.id())).isEqualTo(PeerState.DEAD);
    }
  }

  @Test
  void theSecondTakesOverWhenTheFirstGoes() {
    cluster.gather(4);
    Node second = second();
    cluster.time.runFor(Duration.ofSeconds(10));
    cluster.crash("n3");
    Node observer = cluster.nodes.get("n2");
    cluster.time.runUntil(
        Duration.ofSeconds(10), () -> observer.of(second.id()) == PeerState.ALIVE);
    cluster.time.runFor(Duration.ofSeconds(3));
    assertThat(observer.mesh.troubles()).isEmpty();
    assertThat(second.mesh.troubles()).isEmpty();
  }

  @Test
  void aFirstThatOnlySeemedGoneComesBack() {
    cluster.gather(4);
    Node first = cluster.nodes.get("n3");
    first.loop.freeze(Duration.ofMillis(1_500)); // too slow to answer, too short to be removed
    cluster.time.runFor(Duration.ofMillis(300));
    Node second = second();
    Node observer = cluster.nodes.get("n2");
    cluster.time.runFor(Duration.ofSeconds(20));
    assertThat(observer.of(first.id())).isEqualTo(PeerState.ALIVE);
    assertThat(observer.of(second.id())).isEqualTo(PeerState.DEAD);
    assertThat(observer.mesh.troubles().toString()).contains("\"n3\"");
  }

  @Test
  void anAdvertisedAddressThatNobodyReachesIsToldOnBothSides() {
    cluster.start("n1");
    Node wrong =
        cluster.start(
            "n2",
            config ->
                new MeshConfig(
                    config.nodeName(),
                    config.life(),
                    config.bindHost(),
                    config.bindPort(),
                    "10.0.0.99",
                    0,
                    List.of(SEED),
                    "",
                    "",
                    "",
                    "",
                    config.rejoinInterval(),
                    config.timing(),
                    config.security()));
    cluster.time.runFor(Duration.ofSeconds(5));
    assertThat(cluster.nodes.get("n1").mesh.troubles().toString())
        .contains("peer n2", "10.0.0.99:7946", "connection refused", "advertise_addr there");
    assertThat(wrong.mesh.troubles().toString())
        .contains("n1 at 10.0.0.1:7946 can't reach us", "connection refused", "advertise_addr");
  }
}
