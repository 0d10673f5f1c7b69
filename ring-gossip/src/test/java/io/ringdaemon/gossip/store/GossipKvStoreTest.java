package io.ringdaemon.gossip.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gossip stores over a simulated mesh. */
class GossipKvStoreTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static GossipNet started(long seed, boolean zones, List<String> names) {
    GossipNet net = new GossipNet(seed, zones);
    names.forEach(name -> net.new Node(name).beat(16, InstanceState.ACTIVE));
    net.time.runUntil(Duration.ofMinutes(1), () -> net.allSee(InstanceState.ACTIVE));
    return net;
  }

  private static List<String> zoned(int each) {
    return List.of("a", "b", "c").stream()
        .flatMap(zone -> IntStream.range(0, each).mapToObj(i -> zone + "-" + i))
        .toList();
  }

  /** Bytes of a change of everybody's state, until all know, and of those how many left a zone. */
  private static long[] cost(GossipNet net) {
    net.runFor(Duration.ofSeconds(30));
    net.mesh.bytes = 0;
    net.mesh.bytesAbroad = 0;
    for (GossipNet.Node node : net.nodes) {
      node.beat(16, InstanceState.LEAVING);
      net.runFor(Duration.ofMillis(500));
    }
    net.time.runUntil(SOON, () -> net.allSee(InstanceState.LEAVING));
    net.runFor(Duration.ofSeconds(3));
    return new long[] {net.mesh.bytes, net.mesh.bytesAbroad};
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void gossipByZonesReachesEverybodyAndSendsMuchLessAcross(long seed) {
    long[] everywhere = cost(started(seed, false, zoned(10)));
    long[] byZones = cost(started(seed, true, zoned(10)));
    assertThat(byZones[1]).as("across zones").isLessThan(everywhere[1] / 3);
    assertThat(byZones[0]).as("in all").isLessThan(everywhere[0] * 3 / 2);
  }

  @Test
  void whenTheBridgesOfAZoneDieOthersTakeTheirPlace() {
    GossipNet net = started(4, true, zoned(4));
    for (String name : List.of("b-0", "b-1")) {
      GossipNet.Node bridge = node(net, name);
      bridge.loop.kill();
      var unused = bridge.end.stop();
      net.nodes.remove(bridge);
    }
    net.runFor(Duration.ofSeconds(10));
    node(net, "a-3").beat(16, InstanceState.LEAVING);
    net.time.runUntil(SOON, () -> leaving(net, "b-3", "a-3") && leaving(net, "b-2", "a-3"));
  }

  private static GossipNet.Node node(GossipNet net, String name) {
    return net.nodes.stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
  }

  private static boolean leaving(GossipNet net, String seenBy, String instance) {
    return node(net, seenBy)
        .ring()
        .instance(instance)
        .filter(one -> one.state() == InstanceState.LEAVING)
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void bothSidesOfALongSplitEndEqualSoonAfterIt(long seed) {
    GossipNet net = started(seed, false, zoned(4));
    net.mesh.linked = (a, b) -> (a.compareTo("b-2") < 0) == (b.compareTo("b-2") < 0);
    for (int minute = 0; minute < 10; minute++) {
      net.runFor(Duration.ofMinutes(1));
      net.nodes.forEach(
          one ->
              one.beat(16, one.name.endsWith("3") ? InstanceState.LEAVING : InstanceState.ACTIVE));
    }
    forget(net, "a-0", "b-2");
    forget(net, "c-0", "a-1");
    net.runFor(Duration.ofSeconds(10));
    net.mesh.linked = (a, b) -> true;
    net.time.runUntil(SOON, net::equal);
    RingDesc ring = net.nodes.get(0).ring();
    assertThat(ring.tombstones()).isEqualTo(2);
    assertThat(ring.instances()).hasSize(10);
  }

  private static void forget(GossipNet net, String by, String id) {
    GossipNet.Node node = node(net, by);
    node.loop.execute(
        () -> {
          var unused = node.store.cas(GossipNet.RING, ring -> ring.without(id));
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aHoleLeftByLostGossipClosesInSeconds(long seed) {
    GossipNet net = started(seed, false, zoned(7));
    net.mesh.loss = 0.4;
    List<Duration> took = new ArrayList<>();
    for (GossipNet.Node node : net.nodes) {
      node.beat(16, InstanceState.LEAVING);
      took.add(
          net.time.runUntil(
              SOON,
              () -> net.nodes.stream().allMatch(other -> leaving(net, other.name, node.name))));
    }
    assertThat(took).allSatisfy(one -> assertThat(one).isLessThan(Duration.ofSeconds(15)));
  }

  @Test
  void aDeletedKeyGoesEverywhereAndStaysGoneAlsoForWhoWasAway() {
    GossipNet net = started(6, false, zoned(2));
    net.mesh.linked = (a, b) -> a.equals("c-1") == b.equals("c-1");
    net.runFor(Duration.ofSeconds(10));
    GossipNet.Node first = net.nodes.get(0);
    first.loop.execute(
        () -> {
          var unused = first.store.delete(GossipNet.RING);
        });
    net.runFor(Duration.ofSeconds(10));
    assertThat(node(net, "c-0").ring()).isEqualTo(RingDesc.EMPTY);
    assertThat(node(net, "c-1").ring()).isNotEqualTo(RingDesc.EMPTY);
    net.mesh.linked = (a, b) -> true;
    net.time.runUntil(SOON, () -> node(net, "c-1").ring().equals(RingDesc.EMPTY));
    net.runFor(Duration.ofMinutes(2));
    assertThat(net.nodes).allSatisfy(one -> assertThat(one.ring()).isEqualTo(RingDesc.EMPTY));
  }

  @Test
  void theDelayOfChangesIsMeasuredWhateverTheClocksSay() {
    GossipNet net = started(7, false, zoned(3));
    net.nodes.get(1).loop.skew(Duration.ofHours(1));
    net.nodes.get(2).loop.skew(Duration.ofHours(-1));
    net.runFor(Duration.ofMinutes(5));
    for (GossipNet.Node node : net.nodes) {
      assertThat(node.store.delay().count()).isBetween(10L, 60L);
      assertThat(node.store.delay().p50()).isBetween(0.005, 0.2);
      assertThat(node.store.delay().max()).isLessThan(3);
    }
  }

  @Test
  void theHistoryNamesWhatWasSaidAndWhatItChanged() {
    GossipNet net = started(8, false, List.of("a-0", "a-1"));
    node(net, "a-0").beat(16, InstanceState.LEAVING);
    net.runFor(Duration.ofMillis(300));
    Optional<MessageHistory.Noted> news =
        node(net, "a-1").store.history().newest().stream()
            .filter(noted -> !noted.sent() && noted.changed().contains("collectors/ring"))
            .findFirst();
    assertThat(news).isPresent();
    assertThat(news.get().peer().name()).isEqualTo("a-0");
    assertThat(node(net, "a-1").store.history().find(news.get().id())).isEqualTo(news);
    net.runFor(Duration.ofMinutes(10));
    assertThat(node(net, "a-1").store.history().newest()).hasSizeLessThanOrEqualTo(200);
  }
}
