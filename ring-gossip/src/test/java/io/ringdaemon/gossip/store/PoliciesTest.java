package io.ringdaemon.gossip.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.election.Leadership.Leader;
import io.ringdaemon.election.Policy;
import io.ringdaemon.member.RingMember.ElectionRules;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies and options of elections in whole clusters, from a seed (design.md section 7). */
class PoliciesTest {
  private static final Duration LATER = Duration.ofSeconds(60);

  static LongStream seeds() {
    String replay = System.getProperty("seed");
    return replay == null ? LongStream.range(0, 8) : LongStream.of(Long.parseLong(replay));
  }

  static Stream<Arguments> policies() {
    return Stream.of(Policy.values())
        .flatMap(policy -> seeds().mapToObj(seed -> Arguments.of(policy, seed)));
  }

  private static Simulation started(ElectionRules rules, long seed, String... names) {
    Simulation sim = Simulation.of(seed).electing(rules);
    for (String name : names) {
      sim.start(name);
      sim.time().runFor(Duration.ofMillis(1_100)); // registered a second apart
    }
    sim.runUntil(LATER, sim::settled);
    return sim;
  }

  private static ElectionRules rules(Policy policy) {
    return new ElectionRules(policy, Duration.ZERO, 0);
  }

  private static String lowest(Simulation sim) {
    return sim.running().get(0).ring().instances().stream()
        .min(Comparator.comparingLong(one -> one.owned().at(0)))
        .orElseThrow()
        .id();
  }

  private static Leader leader(Simulation sim, String name) {
    return sim.node(name).leadership().leaderAt(sim.time().nanoTime()).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void eachSideOfASplitHasALeaderOfItsOwnAndOneHigherEpochCountsAfterItHealed(
      Policy policy, long seed) {
    Simulation sim = started(rules(policy), seed, "a", "b", "c", "d", "e");
    long before = leader(sim, "a").epoch();
    sim.mesh().split("a b | c d e");
    sim.time().runFor(Duration.ofMinutes(1));
    Leader left = leader(sim, "a");
    Leader right = leader(sim, "c");
    assertThat(List.of("a", "b")).contains(left.instanceId());
    assertThat(List.of("c", "d", "e")).contains(right.instanceId());
    assertThat(left.epoch() == right.epoch() && left.instanceId().equals(right.instanceId()))
        .isFalse();
    assertThat(Math.max(left.epoch(), right.epoch())).isGreaterThan(before);
    sim.mesh().heal();
    sim.runUntil(LATER, sim::settled);
    sim.time().runFor(Duration.ofSeconds(15));
    assertThat(sim.settled()).isTrue();
    assertThat(sim.leading()).hasSize(1);
    assertThat(leader(sim, "a").epoch())
        .isGreaterThanOrEqualTo(Math.max(left.epoch(), right.epoch()));
    if (policy != Policy.STICKY_LOWEST_TOKEN) {
      assertThat(sim.leading()).containsExactly(policy == Policy.OLDEST ? "a" : lowest(sim));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aLeaderThatComesBackTakesOverAgainUnlessThePolicySticks(Policy policy, long seed) {
    Simulation sim = started(rules(policy), seed, "a", "b", "c");
    String old = sim.agreedLeader().orElseThrow();
    if (policy == Policy.OLDEST) {
      assertThat(old).isEqualTo("a");
    }
    sim.node(old).kill();
    sim.runUntil(LATER, () -> sim.agreedLeader().filter(id -> !id.equals(old)).isPresent());
    String next = sim.agreedLeader().orElseThrow();
    sim.time().runFor(Duration.ofSeconds(10));
    sim.start(old);
    sim.runUntil(LATER, sim::settled);
    sim.time().runFor(Duration.ofSeconds(20));
    assertThat(sim.agreedLeader())
        .isEqualTo(Optional.of(policy == Policy.STICKY_LOWEST_TOKEN ? next : old));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theTakeOverDelayIsWaitedForAfterACrashAndSkippedAfterACleanExit(long seed) {
    Duration delay = Duration.ofSeconds(20);
    Simulation sim =
        started(new ElectionRules(Policy.LOWEST_TOKEN, delay, 0), seed, "a", "b", "c", "d");
    String first = sim.agreedLeader().orElseThrow();
    sim.node(first).leave();
    sim.runUntil(
        Duration.ofSeconds(1),
        () -> sim.agreedLeader().filter(id -> !id.equals(first)).isPresent());
    assertThat(sim.running().stream().filter(node -> node.name.equals(sim.leading().get(0))))
        .allMatch(node -> node.leadership().handedOver());
    String second = sim.agreedLeader().orElseThrow();
    sim.time().runFor(Duration.ofSeconds(5));
    sim.node(second).kill();
    sim.time().runFor(delay.minus(Duration.ofSeconds(1)));
    assertThat(sim.leading()).isEmpty();
    sim.runUntil(Duration.ofSeconds(5), () -> sim.leading().size() == 1);
    assertThat(sim.node(sim.leading().get(0)).leadership().handedOver()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void withMinVisibleTheSmallerSideHasNoLeader(long seed) {
    Simulation sim =
        started(
            new ElectionRules(Policy.LOWEST_TOKEN, Duration.ZERO, 3),
            seed,
            "a",
            "b",
            "c",
            "d",
            "e");
    sim.mesh().split("a b | c d e");
    sim.time().runFor(Duration.ofSeconds(30));
    sim.always(() -> assertThat(sim.leading()).hasSize(1).doesNotContain("a", "b"));
    sim.time().runFor(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aLeaderThatIsToldToGoHandsOverBeforeGossipCould(long seed) {
    Simulation sim = started(rules(Policy.LOWEST_TOKEN), seed, "a", "b", "c", "d", "e");
    String old = sim.agreedLeader().orElseThrow();
    sim.node(old).loop.execute(() -> sim.node(old).member.leave());
    Duration took =
        sim.runUntil(
            Duration.ofSeconds(1),
            () -> sim.leading().stream().anyMatch(name -> !name.equals(old)));
    assertThat(took).isLessThanOrEqualTo(Duration.ofMillis(25)); // one message of at most 20 ms
  }
}
