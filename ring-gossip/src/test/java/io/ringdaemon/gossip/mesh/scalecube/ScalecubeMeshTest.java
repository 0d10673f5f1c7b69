package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import io.ringdaemon.proto.SwimRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mesh in virtual time, through the codec: reference/scalecube.md 8, items 1 to 5. */
class ScalecubeMeshTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String SEED = VirtualCluster.address("n1");

  private final VirtualCluster cluster = new VirtualCluster(1);

  @AfterEach
  void end() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 20})
  void nodesConverge(int size) {
    startAll(size);
    Duration took = cluster.untilConverged(Duration.ofSeconds(20));
    System.out.println("virtual, " + size + " nodes: converged after " + took);
    cluster.assertNoTwins();
  }

  @Test
  void aSeedThatComesUpLaterIsFoundWithinARejoinInterval() {
    Node alone = cluster.start("n2", SEED);
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(alone.mesh.troubles())
        .containsExactly(
            "no seed answers: tried 10.0.0.1:7946 (connection refused); working alone, retrying"
                + " every 5 s");
    cluster.start("n1");
    cluster.untilConverged(Duration.ofSeconds(6));
    cluster.time.runFor(Duration.ofSeconds(2));
    assertThat(alone.mesh.troubles()).isEmpty();
  }

  @Test
  void ownDuplicateAndUnknownSeedsAreHarmless() {
    cluster.network.name("seed.example", "10.0.0.1");
    cluster.network.name("myself.example", "10.0.0.2");
    cluster.start("n1", SEED, SEED);
    cluster.start(
        "n2",
        "seed.example:7946",
        SEED,
        "myself.example:7946",
        "unknown.example:7946",
        "10.0.0.2:7946");
    cluster.untilConverged(Duration.ofSeconds(10));
    cluster.time.runFor(Duration.ofMinutes(3));
    assertThat(cluster.converged()).isTrue();
    assertThat(cluster.nodes.get("n1").mesh.troubles()).isEmpty();
    assertThat(cluster.nodes.get("n2").mesh.troubles()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10})
  void aCrashIsSuspectedThenDeadOnAllAndNobodyElseIsLost(int size) {
    gathered(size);
    PeerId victim = cluster.nodes.get("n" + size).id();
    cluster.crash("n" + size);
    Duration suspected =
        cluster.time.runUntil(
            SECOND.multipliedBy(2), () -> onAll(node -> node.of(victim) != PeerState.ALIVE));
    Duration limit =
        Duration.ofMillis(MeshTiming.TUNED.suspicionMillis(size)).plus(SECOND.multipliedBy(3));
    Duration dead =
        cluster.time.runUntil(limit, () -> onAll(node -> node.of(victim) == PeerState.DEAD));
    System.out.println(
        "virtual, " + size + " nodes: suspect " + suspected + ", dead " + suspected.plus(dead));
    assertThat(cluster.converged()).isTrue();
    for (Node node : cluster.running()) {
      assertThat(node.seen.changes)
          .filteredOn(peer -> peer.state() == PeerState.DEAD)
          .extracting(Peer::id)
          .containsExactly(victim);
    }
  }

  @Test
  void aHostThatVanishesInSilenceIsSeenAsFast() {
    gathered(3);
    PeerId victim = cluster.nodes.get("n3").id();
    cluster.vanish("n3");
    cluster.time.runUntil(
        Duration.ofSeconds(8), () -> onAll(node -> node.of(victim) == PeerState.DEAD));
    assertThat(cluster.converged()).isTrue();
  }

  @Test
  void aGoodbyeIsLeftOnAllWithinASecondAndNoLeavingGoesOverTheWire() {
    AtomicInteger leaving = new AtomicInteger();
    watchWire(record -> record.getStatus() != SwimRecord.Status.ALIVE, leaving);
    gathered(10);
    PeerId left = cluster.nodes.get("n4").id();
    cluster.leave("n4");
    cluster.time.runUntil(SECOND, () -> onAll(node -> node.of(left) == PeerState.LEFT));
    cluster.time.runFor(Duration.ofMinutes(1));
    assertThat(onAll(node -> node.of(left) == PeerState.LEFT)).isTrue();
    assertThat(leaving).hasValue(0);
  }

  @Test
  void aPeerThatMissedTheGoodbyeSaysDeadByTimeout() {
    gathered(3);
    PeerId left = cluster.nodes.get("n3").id();
    String deaf = VirtualCluster.address("n1");
    String leaver = VirtualCluster.address("n3");
    cluster.network.cut((from, to) -> from.equals(leaver) && to.equals(deaf));
    cluster.leave("n3");
    cluster.time.runUntil(SECOND, () -> cluster.nodes.get("n2").of(left) == PeerState.LEFT);
    cluster.time.runUntil(
        Duration.ofSeconds(10), () -> cluster.nodes.get("n1").of(left) == PeerState.DEAD);
  }

  @Test
  void aHundredRestartsLeaveNoZombie() {
    gathered(5);
    for (int i = 0; i < 100; i++) {
      String name = "n" + (2 + i % 4);
      cluster.leave(name);
      cluster.time.runFor(SECOND);
      cluster.start(name, SEED);
      cluster.untilConverged(Duration.ofSeconds(5));
      cluster.assertNoTwins();
    }
    AtomicInteger largest = new AtomicInteger();
    cluster.network.tap =
        frame -> {
          int records =
              Math.max(
                  frame.getSwim().getSync().getRecordsCount(),
                  frame.getSwim().getSyncAck().getRecordsCount());
          largest.accumulateAndGet(records, Math::max);
        };
    cluster.time.runFor(Duration.ofMinutes(2));
    assertThat(largest).hasValue(5);
    assertThat(cluster.converged()).isTrue();
  }

  @Test
  void aRestartAtTheSameAddressIsSettledWithinASecond() {
    gathered(10);
    PeerId old = cluster.nodes.get("n7").id();
    cluster.crash("n7");
    cluster.time.runFor(Duration.ofMillis(500));
    PeerId fresh = cluster.start("n7", SEED).id();
    Duration limit = SECOND;
    cluster.time.runUntil(
        limit,
        () -> {
          cluster.assertNoTwins();
          return cluster.converged();
        });
    assertThat(
            onAll(
                node ->
                    node.id().equals(fresh)
                        || (node.of(old) == PeerState.DEAD && node.of(fresh) == PeerState.ALIVE)))
        .isTrue();
    cluster.time.runFor(Duration.ofMinutes(1));
    cluster.assertNoTwins();
    assertThat(cluster.converged()).isTrue();
  }

  @Test
  void aRestartAtAnotherAddressReplacesTheOlderLife() {
    gathered(5);
    PeerId old = cluster.nodes.get("n5").id();
    cluster.vanish("n5");
    Node moved = cluster.startAt("n5", "10.0.0.77", config -> config.withSeeds(List.of(SEED)));
    cluster.untilConverged(Duration.ofSeconds(3));
    assertThat(onAll(node -> node == moved || node.of(old) == PeerState.DEAD)).isTrue();
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(onAll(node -> node.mesh.troubles().isEmpty())).isTrue();
  }

  @Test
  void twoIslandsWithoutSeedsMergeAfterJoin() {
    cluster.start("n1");
    cluster.start("n2", SEED);
    cluster.start("n3");
    cluster.start("n4", VirtualCluster.address("n3"));
    cluster.time.runFor(Duration.ofSeconds(10));
    Map<String, String> answered = new LinkedHashMap<>();
    cluster
        .nodes
        .get("n4")
        .mesh
        .join(List.of(VirtualCluster.address("n2"), "10.0.0.99:7946", "nonsense"))
        .thenAccept(answered::putAll);
    cluster.untilConverged(Duration.ofSeconds(5));
    cluster.time.runFor(Duration.ofSeconds(4));
    assertThat(answered)
        .containsOnly(
            Map.entry(VirtualCluster.address("n2"), ""),
            Map.entry("10.0.0.99:7946", "connection refused"),
            Map.entry("nonsense", "no address"));
  }

  @Test
  void aSplitHealsThoughTheCommonSeedIsGone() {
    gathered(6);
    cluster.crash("n1");
    cluster.time.runFor(Duration.ofSeconds(20));
    List<String> left = List.of(VirtualCluster.address("n2"), VirtualCluster.address("n3"));
    cluster.network.cut((from, to) -> left.contains(from) != left.contains(to));
    cluster.time.runFor(Duration.ofMinutes(2));
    assertThat(cluster.nodes.get("n2").in(PeerState.ALIVE)).containsExactly("n3");
    cluster.network.cut((from, to) -> false);
    Duration took = cluster.untilConverged(Duration.ofMinutes(2));
    System.out.println("virtual, split 2|3 without seed: merged after " + took);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 30})
  void aFrozenNodeFindsBack(int seconds) {
    gathered(5);
    cluster.nodes.get("n3").loop.freeze(Duration.ofSeconds(seconds));
    cluster.time.runFor(Duration.ofSeconds(seconds));
    Duration took = cluster.untilConverged(Duration.ofSeconds(15));
    System.out.println("virtual, frozen " + seconds + " s: back after " + took);
  }

  @Test
  void aNodeWithoutSeedsFindsItsClusterByItsPeersFile() {
    List<String> file = new ArrayList<>();
    cluster.memory =
        new PeerMemory() {
          @Override
          public List<String> load() {
            return List.copyOf(file);
          }

          @Override
          public void save(List<String> addresses) {
            file.clear();
            file.addAll(addresses);
          }
        };
    cluster.start("n1", SEED);
    cluster.time.runFor(Duration.ofSeconds(10));
    cluster.memory = PeerMemory.NONE;
    cluster.start("n2", SEED);
    cluster.start("n3", SEED);
    cluster.time.runFor(Duration.ofSeconds(10));
    assertThat(file).containsExactly("10.0.0.2:7946", "10.0.0.3:7946");
    cluster.crash("n1");
    cluster.time.runFor(Duration.ofSeconds(10));
    cluster.memory =
        new PeerMemory() {
          @Override
          public List<String> load() {
            return file;
          }

          @Override
          public void save(List<String> addresses) {
            throw new IllegalStateException("disk full");
          }
        };
    cluster.startAt("n1", "10.0.0.77", config -> config);
    cluster.untilConverged(Duration.ofSeconds(3));
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(cluster.converged()).isTrue();
  }

  @Test
  void aLabelThatIsPutRightEndsTheTrouble() {
    Node node = cluster.start("n1", config -> config.withClusterLabel("red"));
    cluster.start("n2", config -> config.withClusterLabel("blue").withSeeds(List.of(SEED)));
    cluster.time.runFor(Duration.ofSeconds(10));
    assertThat(node.mesh.troubles().toString()).contains("10.0.0.2:7946", "\"blue\"");
    cluster.crash("n2");
    cluster.start("n2", config -> config.withClusterLabel("red").withSeeds(List.of(SEED)));
    cluster.untilConverged(Duration.ofSeconds(5));
    cluster.time.runFor(Duration.ofSeconds(2));
    assertThat(onAll(n -> n.mesh.troubles().isEmpty())).isTrue();
  }

  @Test
  void peersKnowEachOthersZoneAddressAndRelease() {
    cluster.start("n1", config -> config.withAbout("zone-a", "10.0.0.1:8080", "1.2.3"));
    cluster.start("n2", SEED);
    cluster.start("n3", SEED);
    cluster.untilConverged(Duration.ofSeconds(5));
    Peer seen = cluster.nodes.get("n3").mesh.peers().get(0);
    assertThat(seen.id().name()).isEqualTo("n1");
    assertThat(List.of(seen.zone(), seen.httpAddress(), seen.release()))
        .containsExactly("zone-a", "10.0.0.1:8080", "1.2.3");
    assertThat(cluster.nodes.get("n1").mesh.peers()).extracting(Peer::zone).containsOnly("");
  }

  @Test
  void aListenerThatThrowsHearsTheNextEvent() {
    gathered(2);
    Node node = cluster.nodes.get("n1");
    node.seen.throwing = true;
    cluster.start("n3", SEED);
    cluster.untilConverged(Duration.ofSeconds(5));
    node.seen.throwing = false;
    cluster.start("n4", SEED);
    cluster.untilConverged(Duration.ofSeconds(5));
    assertThat(node.seen.ever("n4", PeerState.ALIVE)).isTrue();
    assertThat(node.metrics.counter("ring_daemon_mesh_failures_total", "").sum()).isPositive();
  }

  @Test
  void aFrozenNodeAnswersNoProbe() {
    gathered(3);
    List<Boolean> answers = new ArrayList<>();
    Node asker = cluster.nodes.get("n1");
    PeerId asked = cluster.nodes.get("n2").id();
    asker.mesh.probe(asked, Duration.ofMillis(400)).thenAccept(answers::add);
    cluster.time.runFor(SECOND);
    cluster.nodes.get("n2").loop.freeze(SECOND);
    asker.mesh.probe(asked, Duration.ofMillis(400)).thenAccept(answers::add);
    cluster.time.runFor(SECOND);
    assertThat(answers).containsExactly(true, false);
  }

  private void gathered(int size) {
    startAll(size);
    cluster.untilConverged(Duration.ofSeconds(20));
    cluster.time.runFor(Duration.ofSeconds(5));
  }

  private void startAll(int size) {
    for (int i = 1; i <= size; i++) {
      cluster.start("n" + i, SEED);
    }
  }

  private boolean onAll(Predicate<Node> condition) {
    return cluster.running().stream().allMatch(condition);
  }

  private void watchWire(Predicate<SwimRecord> what, AtomicInteger count) {
    cluster.network.tap =
        frame -> {
          List<SwimRecord> records = new ArrayList<>(frame.getSwim().getSync().getRecordsList());
          records.addAll(frame.getSwim().getSyncAck().getRecordsList());
          frame
              .getSwim()
              .getGossip()
              .getRumorsList()
              .forEach(rumor -> records.add(rumor.getRecord()));
          count.addAndGet((int) records.stream().filter(what).count());
        };
  }
}
