package io.ringdaemon.gossip.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole clusters from a seed: the promises of design.md section 9. */
class ClusterTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LATER = Duration.ofSeconds(30);

  static LongStream seeds() {
    String replay = System.getProperty("seed");
    return replay == null ? LongStream.range(0, 40) : LongStream.of(Long.parseLong(replay));
  }

  static Stream<Long> fewSeeds() {
    return seeds().boxed().limit(10);
  }

  private static Simulation three(long seed) {
    Simulation sim = Simulation.of(seed);
    epochsOnlyGrow(sim);
    Stream.of("a", "b", "c").forEach(sim::start);
    sim.runUntil(Duration.ofSeconds(6), sim::settled);
    return sim;
  }

  private static void epochsOnlyGrow(Simulation sim) {
    Map<Simulation.Node, Long> seen = new HashMap<>();
    sim.always(
        () ->
            sim.running()
                .forEach(
                    node -> {
                      long epoch = node.member == null ? 0 : node.leadership().epoch();
                      assertThat(epoch).isGreaterThanOrEqualTo(seen.getOrDefault(node, 0L));
                      seen.put(node, epoch);
                    }));
  }

  private static String lowest(Simulation sim) {
    return sim.running().get(0).ring().instances().stream()
        .min(java.util.Comparator.comparingLong(one -> one.owned().at(0)))
        .map(Instance::id)
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void threeNodesAreActiveAndAgreeOnTheOwnerOfTheLowestToken(long seed) {
    Simulation sim = three(seed);
    assertThat(sim.agreedLeader()).hasValue(lowest(sim));
    assertThat(sim.leading()).containsExactly(lowest(sim));
    assertThat(sim.running().stream().map(node -> node.ring().version()).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void afterTheLeaderIsKilledTheOthersAgreeOnAnotherWithAHigherEpochWithinFiveSeconds(long seed) {
    Simulation sim = three(seed);
    String old = sim.agreedLeader().orElseThrow();
    long epoch = sim.node(old).leadership().epoch();
    sim.node(old).kill();
    Duration took =
        sim.runUntil(SOON, () -> sim.agreedLeader().filter(now -> !now.equals(old)).isPresent());
    assertThat(took).isLessThan(SOON);
    assertThat(sim.running())
        .allSatisfy(node -> assertThat(node.leadership().epoch()).isGreaterThan(epoch));
    sim.time().runFor(SOON);
    assertThat(sim.running())
        .allSatisfy(
            node ->
                assertThat(node.ring().instance(old).orElseThrow().health().healthy()).isFalse());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aFrozenLeaderNeverSaysThatItLeadsWhenItWakesAndNobodyIsLost(long seed) {
    Simulation sim = three(seed);
    String old = sim.agreedLeader().orElseThrow();
    sim.node(old).loop.freeze(LATER);
    sim.time().runFor(Duration.ofSeconds(29));
    assertThat(sim.agreedLeader()).isPresent().get().isNotEqualTo(old);
    sim.always(() -> assertThat(sim.leading()).hasSizeLessThanOrEqualTo(1));
    assertThat(sim.node(old).leadership().selfLeads(sim.time().nanoTime())).isFalse();
    sim.time().runFor(Duration.ofSeconds(2));
    assertThat(sim.leading()).doesNotContain(old);
    sim.runUntil(LATER, sim::settled);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aForgottenInstanceStaysForgottenAlsoWhenAPeerThatMissedItComesBack(long seed) {
    Simulation sim = three(seed);
    sim.node("a").kill();
    sim.time().runFor(SOON);
    sim.node("b").loop.freeze(LATER);
    sim.node("c").forget("a");
    sim.runUntil(Duration.ofSeconds(1), () -> !sim.node("c").sees("a"));
    sim.always(() -> assertThat(sim.node("c").sees("a")).isFalse());
    sim.time().runFor(LATER);
    sim.runUntil(LATER, () -> !sim.node("b").sees("a"));
    sim.time().runFor(Duration.ofMinutes(1));
    assertThat(sim.settled()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRestartedInstanceComesBackWithItsTokensAndItsRegistration(long seed) {
    Simulation sim = three(seed);
    Instance before = sim.node("c").ring().instance("b").orElseThrow();
    sim.node("b").kill();
    sim.time().runFor(Duration.ofSeconds(10));
    sim.start("b");
    sim.runUntil(LATER, sim::settled);
    Instance after = sim.node("c").ring().instance("b").orElseThrow();
    assertThat(after.owned()).isEqualTo(before.owned());
    assertThat(after.desc().registered()).isEqualTo(before.desc().registered());
    assertThat(after.desc().origin().life()).isGreaterThan(before.desc().origin().life());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anInstanceThatIsToldToGoIsSeenLeavingThenGoneAndTheLeadMovesAtOnce(long seed) {
    Simulation sim = three(seed);
    String old = sim.agreedLeader().orElseThrow();
    List<Simulation.Node> others =
        sim.running().stream().filter(node -> !node.name.equals(old)).toList();
    Map<String, Boolean> sawLeaving = new HashMap<>();
    sim.always(
        () ->
            others.forEach(
                node ->
                    node.ring()
                        .instance(old)
                        .filter(one -> one.state() == InstanceState.LEAVING)
                        .ifPresent(one -> sawLeaving.put(node.name, true))));
    sim.node(old).leave();
    sim.runUntil(
        Duration.ofSeconds(1),
        () ->
            others.stream().noneMatch(node -> node.sees(old))
                && sim.agreedLeader().filter(now -> !now.equals(old)).isPresent());
    assertThat(sawLeaving).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSplitHasALeaderOnEachSideAndOneAfterItHeals(long seed) {
    Simulation sim = Simulation.of(seed);
    epochsOnlyGrow(sim);
    Stream.of("a", "b", "c", "d", "e").forEach(sim::start);
    sim.mesh().disturb(0.05, 0.05);
    sim.runUntil(LATER, sim::settled);
    sim.mesh().split("a b | c d e");
    sim.time().runFor(Duration.ofMinutes(2));
    assertThat(sim.leading()).hasSize(2);
    sim.mesh().heal();
    sim.runUntil(LATER, sim::settled);
    sim.runUntil(LATER, () -> sim.agreedLeader().equals(Optional.of(lowest(sim))));
    assertThat(sim.leading()).containsExactly(lowest(sim));
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void aLiveInstanceThatIsForgottenRegistersAnewWithTheSameTokens(long seed) {
    Simulation sim = three(seed);
    Tokens before = sim.node("a").ring().instance("b").orElseThrow().owned();
    sim.node("a").forget("b");
    sim.runUntil(
        Duration.ofSeconds(1),
        () ->
            sim.node("b").member.events().stream()
                .anyMatch(event -> event.kind().equals("returned")));
    sim.runUntil(Duration.ofSeconds(1), () -> sim.node("a").sees("b"));
    assertThat(sim.node("a").ring().instance("b").orElseThrow().owned()).isEqualTo(before);
    sim.runUntil(LATER, sim::settled);
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void aNodeThatCannotKeepItsEpochDoesNotLeadAndTheOthersDo(long seed) {
    Simulation sim = three(seed);
    String old = sim.agreedLeader().orElseThrow();
    sim.node(old).kill();
    sim.time().runFor(Duration.ofSeconds(10));
    sim.start(old).disk().breakDown();
    sim.time().runFor(Duration.ofMinutes(3));
    assertThat(sim.agreedLeader()).isPresent().get().isNotEqualTo(old);
    assertThat(sim.node(old).member.alerts()).anyMatch(alert -> alert.contains("not eligible"));
    assertThat(sim.node(old).ring().instance(old).orElseThrow().state())
        .isEqualTo(InstanceState.ACTIVE);
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void aClockFiveMinutesOffMakesNobodyUnhealthy(long seed) {
    Simulation sim = Simulation.of(seed);
    Stream.of("a", "b", "c").forEach(sim::start);
    sim.node("a").loop.skew(Duration.ofMinutes(5));
    sim.node("b").loop.skew(Duration.ofMinutes(-5));
    sim.runUntil(LATER, sim::settled);
    sim.always(
        () ->
            sim.running()
                .forEach(
                    node ->
                        assertThat(node.ring().instances())
                            .allMatch(one -> one.health().healthy())));
    sim.time().runFor(Duration.ofMinutes(15));
    assertThat(sim.node("c").ring().instance("a").orElseThrow().clockOff()).isTrue();
    assertThat(sim.node("c").ring().instance("b").orElseThrow().clockOff()).isTrue();
    assertThat(sim.node("c").ring().instance("c").orElseThrow().clockOff()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void tokensClaimedTwiceAreReplacedOnTheLosingSide(long seed) {
    Simulation sim = Simulation.of(seed);
    sim.start("a");
    sim.start("b");
    sim.mesh().split("a | b");
    sim.time().runFor(Duration.ofSeconds(10));
    Tokens twice = sim.node("a").ring().instance("a").orElseThrow().owned();
    sim.node("b").kill();
    Simulation.Node again = sim.start("b");
    assertThat(again).isNotNull();
    sim.time().runFor(Duration.ofSeconds(10));
    again.loop.execute(
        () ->
            again.store.cas(
                new io.ringdaemon.kv.Key<>(
                    "collectors/default", io.ringdaemon.model.RingCodec.INSTANCE),
                ring ->
                    ring.with(
                        ring.instance("b")
                            .orElseThrow()
                            .withTokens(twice)
                            .withTimestamp(ring.timestampFor("b", sim.time().now()), 1_000))));
    sim.mesh().heal();
    sim.runUntil(LATER, sim::settled);
    sim.time().runFor(SOON);
    for (Simulation.Node node : sim.running()) {
      assertThat(node.ring().instance("a").orElseThrow().owned()).isEqualTo(twice);
      assertThat(node.ring().instance("b").orElseThrow().owned().size()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void theLeaderForgetsWhoIsDeadForTenMinutesAndNobodyElse(long seed) {
    Simulation sim = three(seed);
    sim.node("b").kill();
    sim.time().runFor(Duration.ofMinutes(9));
    assertThat(sim.node("a").sees("b")).isTrue();
    sim.runUntil(Duration.ofMinutes(3), sim::settled);
    assertThat(sim.node("a").sees("b")).isFalse();
    sim.always(() -> assertThat(sim.node("a").sees("c")).isTrue());
    sim.time().runFor(Duration.ofMinutes(30));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void ofTwoTheSurvivorLeadsAndBothAgreeAgainAfterTheRestart(long seed) {
    Simulation sim = Simulation.of(seed);
    epochsOnlyGrow(sim);
    Stream.of("a", "b").forEach(sim::start);
    sim.runUntil(Duration.ofSeconds(6), sim::settled);
    String old = sim.agreedLeader().orElseThrow();
    sim.node(old).kill();
    sim.runUntil(SOON, () -> sim.leading().size() == 1);
    sim.start(old);
    sim.runUntil(LATER, () -> sim.settled() && sim.agreedLeader().equals(Optional.of(lowest(sim))));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRestartBeforeAnybodyNoticedKeepsTokensAndLosesNobody(long seed) {
    Simulation sim = three(seed);
    Tokens before = sim.node("a").ring().instance("c").orElseThrow().owned();
    sim.node("c").kill();
    sim.time().runFor(Duration.ofMillis(100 + 50 * (seed % 10)));
    sim.start("c");
    sim.runUntil(LATER, sim::settled);
    assertThat(sim.node("a").ring().instance("c").orElseThrow().owned()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void epochsGrowOverARestartOfAll(long seed) {
    Simulation sim = three(seed);
    String old = sim.agreedLeader().orElseThrow();
    sim.node(old).kill();
    sim.runUntil(SOON, () -> sim.agreedLeader().filter(now -> !now.equals(old)).isPresent());
    long epoch = sim.running().get(0).leadership().epoch();
    sim.running().forEach(Simulation.Node::kill);
    Stream.of("a", "b", "c").forEach(sim::start);
    sim.runUntil(LATER, sim::settled);
    assertThat(sim.running())
        .allSatisfy(node -> assertThat(node.leadership().epoch()).isGreaterThan(epoch));
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void twentyNodesConvergeThroughLossDoublingAndARollingRestart(long seed) {
    Simulation sim = Simulation.of(seed);
    epochsOnlyGrow(sim);
    sim.mesh().disturb(0.1, 0.1);
    List<String> names = IntStream.range(0, 20).mapToObj("n-%02d"::formatted).toList();
    names.forEach(sim::start);
    sim.runUntil(LATER, sim::settled);
    Map<String, Tokens> before = new HashMap<>();
    sim.running().get(0).ring().instances().forEach(one -> before.put(one.id(), one.owned()));
    for (String name : names) {
      sim.node(name).leave();
      sim.time().runFor(Duration.ofSeconds(1));
      sim.start(name);
      sim.time().runFor(Duration.ofSeconds(2));
    }
    sim.runUntil(Duration.ofMinutes(1), sim::settled);
    sim.running()
        .get(0)
        .ring()
        .instances()
        .forEach(one -> assertThat(one.owned()).isEqualTo(before.get(one.id())));
    assertThat(sim.running().stream().map(node -> node.ring().version()).distinct()).hasSize(1);
  }
}
