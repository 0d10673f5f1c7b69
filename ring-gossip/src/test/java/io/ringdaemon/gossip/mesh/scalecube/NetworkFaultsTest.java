package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.MemoryNetwork.Weather;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What networks do (reference/scalecube.md 8.5, 8.6, 8.9), in virtual time. */
class NetworkFaultsTest {
  private static final String SEED = VirtualCluster.address("n1");
  private static final Duration REJOIN = Duration.ofMinutes(1);

  private final VirtualCluster cluster = new VirtualCluster(11);

  @AfterEach
  void end() {
    cluster.close();
  }

  /** Who has which seeds; c: all have n1; x: each side has one of the other; p: a file of peers. */
  @ParameterizedTest
  @CsvSource({"5,2,c", "5,1,c", "5,4,c", "5,2,x", "5,2,p", "5,1,p", "20,1,c"})
  void aSplitHealsWithinTwoRejoinIntervals(int size, int left, String seeds) {
    List<String> file = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      file.add(VirtualCluster.address("n" + i));
    }
    if (seeds.equals("p")) {
      cluster.memory = remembering(file);
    }
    for (int i = 1; i <= size; i++) {
      String seed =
          switch (seeds) {
            case "c" -> SEED;
            case "x" -> VirtualCluster.address("n" + (i == 1 ? size : 1));
            default -> "";
          };
      cluster.start(
          "n" + i, config -> config.withSeeds(seed.isEmpty() ? List.of() : List.of(seed)));
    }
    cluster.untilConverged(Duration.ofSeconds(30));
    Set<String> side = new HashSet<>(file.subList(0, left));
    cluster.network.cut((from, to) -> side.contains(from) != side.contains(to));
    cluster.time.runFor(Duration.ofMinutes(3));
    assertThat(cluster.nodes.get("n1").in(PeerState.ALIVE)).hasSize(left - 1);
    cluster.running().forEach(node -> node.seen.changes.clear());
    cluster.network.cut((from, to) -> false);
    Duration took = cluster.untilConverged(REJOIN.multipliedBy(2));
    System.out.printf("virtual, split %d|%d %s: merged after %s%n", left, size - left, seeds, took);
    // Each hears of all across: that is what starts anti-entropy with them.
    for (Node node : cluster.running()) {
      boolean here = side.contains(node.mesh.self().address());
      assertThat(node.seen.changes)
          .filteredOn(peer -> peer.state() == PeerState.ALIVE)
          .extracting(Peer::address)
          .containsAll(file.stream().filter(one -> side.contains(one) != here).toList());
    }
  }

  @Test
  void aCutLinkBetweenTwoOfSixHarmsNobodyThoughAHelperIsSlow() {
    cluster.gather(6);
    String one = VirtualCluster.address("n2");
    String other = VirtualCluster.address("n3");
    String slow = VirtualCluster.address("n4");
    cluster.network.cut((from, to) -> Set.of(from, to).equals(Set.of(one, other)));
    cluster.network.weather(
        (from, to, hello) ->
            List.of(
                Set.of(from, to).equals(Set.of(one, slow))
                    ? Duration.ofMillis(400)
                    : Duration.ZERO));
    forget();
    cluster.time.runFor(Duration.ofMinutes(5));
    assertThat(ever(PeerState.DEAD)).isEmpty();
    assertThat(cluster.nodes.get("n5").in(PeerState.ALIVE)).hasSize(5);
  }

  @Test
  void aLinkCutOneWayHarmsNobody() {
    cluster.gather(5);
    cluster.network.cut(
        (from, to) ->
            from.equals(VirtualCluster.address("n2")) && to.equals(VirtualCluster.address("n3")));
    forget();
    cluster.time.runFor(Duration.ofMinutes(3));
    assertThat(ever(PeerState.DEAD)).isEmpty();
  }

  @Test
  void whoNobodyReachesIsRemovedAndComesBack() {
    cluster.gather(5);
    String lonely = VirtualCluster.address("n3");
    cluster.network.cut((from, to) -> to.equals(lonely));
    cluster.time.runFor(Duration.ofMinutes(2));
    assertThat(cluster.nodes.get("n1").in(PeerState.DEAD)).containsExactly("n3");
    cluster.network.cut((from, to) -> false);
    cluster.untilConverged(REJOIN.multipliedBy(2));
  }

  @ParameterizedTest
  @CsvSource({
    "0.05, 0, 0, 0",
    "0.20, 0, 0, 0",
    "0, 0.3, 0, 60", // duplicates and reordering
    "0.05, 0.1, 20, 60",
    "0, 0, 300, 400" // above the ping timeout
  })
  void badWeatherMakesNoStormAndPasses(double loss, double twice, long least, long most) {
    int size = 6;
    cluster.gather(size);
    forget();
    AtomicInteger gossip = new AtomicInteger();
    cluster.network.tap = frame -> gossip.addAndGet(frame.getSwim().hasGossip() ? 1 : 0);
    cluster.network.weather(
        Weather.bad(5, loss, twice, Duration.ofMillis(least), Duration.ofMillis(most)));
    cluster.time.runFor(Duration.ofMinutes(3));
    int perSecondAndNode = gossip.get() / 180 / size;
    System.out.printf(
        "virtual, 6 nodes, 3 min of loss %s, twice %s, %d-%d ms: %d gossips a second and node,"
            + " suspected %d, dead %d%n",
        loss,
        twice,
        least,
        most,
        perSecondAndNode,
        ever(PeerState.SUSPECT).size(),
        ever(PeerState.DEAD).size());
    assertThat(perSecondAndNode).isLessThan(50);
    if (loss <= 0.05 && least < 250) {
      // scalecube's chance has no seed; where messages get lost one in eight runs sees an innocent
      // die
      assertThat(ever(PeerState.DEAD)).hasSizeLessThanOrEqualTo(loss > 0 ? 1 : 0);
    }
    cluster.network.weather(Weather.FAIR);
    cluster.untilConverged(REJOIN.multipliedBy(2));
    // No subscription was lost: everybody still hears and notices.
    PeerId victim = cluster.nodes.get("n6").id();
    cluster.time.runFor(Duration.ofSeconds(10));
    cluster.vanish("n6");
    cluster.time.runUntil(
        Duration.ofSeconds(12),
        () -> cluster.running().stream().allMatch(node -> node.of(victim) == PeerState.DEAD));
    for (Node node : cluster.running()) {
      assertThat(node.metrics.counter("ring_daemon_mesh_restarts_total", "").sum()).isZero();
      assertThat(node.metrics.counter("ring_daemon_mesh_failures_total", "").sum()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"50,TUNED", "10,LAN", "50,LAN"})
  void aCrashInALargeMeshOrWithSlowTimingIsSeenByAll(int size, String timing) {
    MeshTiming chosen = timing.equals("LAN") ? MeshTiming.LAN : MeshTiming.TUNED;
    UnaryOperator<MeshConfig> settings =
        config -> config.withSeeds(List.of(SEED)).withTiming(chosen, REJOIN);
    for (int i = 1; i <= size; i++) {
      cluster.start("n" + i, settings);
      cluster.time.runFor(Duration.ofMillis(100));
    }
    cluster.untilConverged(Duration.ofSeconds(60));
    cluster.time.runFor(Duration.ofSeconds(10));
    forget();
    PeerId victim = cluster.nodes.get("n" + size).id();
    cluster.vanish("n" + size); // in silence: the detector alone must find out
    List<Node> left = cluster.running();
    Duration suspected =
        cluster.time.runUntil(
            Duration.ofSeconds(10), // most often 2; whom a node asks is chance without a seed
            () -> left.stream().allMatch(node -> node.of(victim) != PeerState.ALIVE));
    Duration limit = Duration.ofMillis(chosen.suspicionMillis(size)).plusSeconds(3);
    Duration dead =
        cluster.time.runUntil(
            limit, () -> left.stream().allMatch(node -> node.of(victim) == PeerState.DEAD));
    System.out.printf(
        "virtual, %d nodes %s: suspect %s, dead %s%n",
        size, timing, suspected, suspected.plus(dead));
    assertThat(ever(PeerState.DEAD)).containsOnlyKeys(victim);
  }

  private void forget() {
    cluster.running().forEach(node -> node.seen.changes.clear());
  }

  /** Who was ever in this state on a running node since {@link #forget}, and how often. */
  private Map<PeerId, Integer> ever(PeerState state) {
    Map<PeerId, Integer> found = new LinkedHashMap<>();
    for (Node node : cluster.running()) {
      node.seen.changes.stream()
          .filter(peer -> peer.state() == state)
          .forEach(peer -> found.merge(peer.id(), 1, Integer::sum));
    }
    return found;
  }

  private static PeerMemory remembering(List<String> file) {
    return new PeerMemory() {
      @Override
      public List<String> load() {
        return file;
      }

      @Override
      public void save(List<String> addresses) {}
    };
  }
}
