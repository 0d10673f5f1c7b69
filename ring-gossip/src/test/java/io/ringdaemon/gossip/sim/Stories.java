package io.ringdaemon.gossip.sim;

import static io.ringdaemon.gossip.sim.Scenarios.settledCluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Stories of one rule each, told by few nodes. */
final class Stories {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LATER = Duration.ofSeconds(30);

  static final List<Scenario> ALL =
      List.of(
          new Scenario("start", 3, Stories::startTogether),
          new Scenario("leader-killed", 3, Stories::leaderKilled),
          new Scenario("leader-frozen", 3, Stories::leaderFrozen),
          new Scenario("forgotten-stays-forgotten", 3, Stories::forgottenStaysForgotten),
          new Scenario("restart", 3, Stories::restart),
          new Scenario("told-to-go", 3, Stories::toldToGo),
          new Scenario("split-and-heal", 5, Stories::splitAndHeal),
          new Scenario("forgotten-alive", 3, Stories::forgottenAlive),
          new Scenario("broken-disk", 3, Stories::brokenDisk),
          new Scenario("clocks-told-wrong", 3, Stories::clocksToldWrong),
          new Scenario("token-claimed-twice", 2, Stories::tokenClaimedTwice),
          new Scenario("auto-forget", 3, Stories::autoForget),
          new Scenario("one-of-two-killed", 2, Stories::oneOfTwoKilled),
          new Scenario("unnoticed-restart", 3, Stories::unnoticedRestart),
          new Scenario("restart-of-all", 3, Stories::restartOfAll),
          new Scenario("falsely-suspected", 3, Stories::falselySuspected),
          new Scenario("busy-while-alone", 2, Stories::busyWhileAlone));

  private Stories() {}

  private static String leader(Simulation sim) {
    return sim.agreedLeader().orElseThrow(() -> new AssertionError("no agreed leader"));
  }

  private static boolean ledByOther(Simulation sim, String old) {
    return sim.agreedLeader().filter(now -> !now.equals(old)).isPresent();
  }

  private static String other(Simulation sim, String... than) {
    return sim.running().stream()
        .map(SimNode::name)
        .filter(name -> !List.of(than).contains(name))
        .findFirst()
        .orElseThrow();
  }

  private static void startTogether(Simulation sim, int count) {
    sim.startAll(count);
    sim.runUntil(Duration.ofSeconds(6), "settled", sim::settled);
    assertThat(sim.agreedLeader()).isEqualTo(sim.choice());
    assertThat(sim.leading()).containsExactly(leader(sim));
    sim.endsWell();
  }

  private static void leaderKilled(Simulation sim, int count) {
    settledCluster(sim, count);
    String old = leader(sim);
    long epoch = sim.node(old).leadership().epoch();
    sim.node(old).kill();
    sim.runUntil(SOON, "another leads", () -> ledByOther(sim, old));
    assertThat(sim.running()).allMatch(node -> node.leadership().epoch() > epoch);
    sim.runUntil(
        SOON,
        "seen dead",
        () -> sim.running().stream().noneMatch(node -> node.view(old).health().healthy()));
  }

  private static void leaderFrozen(Simulation sim, int count) {
    settledCluster(sim, count);
    String old = leader(sim);
    sim.node(old).freeze(LATER);
    sim.runFor(Duration.ofSeconds(29));
    assertThat(ledByOther(sim, old)).isTrue();
    sim.always(() -> assertThat(sim.leading()).hasSizeLessThanOrEqualTo(1));
    assertThat(sim.node(old).leads()).isFalse();
    sim.runFor(Duration.ofSeconds(2));
    assertThat(sim.leading()).doesNotContain(old);
    sim.endsWell();
  }

  /** Also when a peer that missed it comes back. */
  private static void forgottenStaysForgotten(Simulation sim, int count) {
    settledCluster(sim, count);
    sim.node("n-0").kill();
    sim.runFor(SOON);
    sim.node("n-1").freeze(Duration.ofSeconds(90));
    sim.node("n-2").forget("n-0");
    sim.runUntil(Duration.ofSeconds(1), "forgotten", () -> !sim.node("n-2").sees("n-0"));
    sim.runFor(Duration.ofSeconds(90));
    sim.runUntil(LATER, "by the other too", () -> !sim.node("n-1").sees("n-0"));
    sim.runFor(Duration.ofSeconds(30));
    assertThat(sim.running()).noneMatch(node -> node.sees("n-0"));
    sim.endsWell();
  }

  private static void restart(Simulation sim, int count) {
    settledCluster(sim, count);
    Instance before = sim.node("n-2").view("n-1");
    sim.node("n-1").kill();
    sim.runFor(Duration.ofSeconds(10));
    sim.start("n-1");
    sim.endsWell();
    Instance after = sim.node("n-2").view("n-1");
    assertThat(after.owned()).isEqualTo(before.owned());
    assertThat(after.desc().registered()).isEqualTo(before.desc().registered());
    assertThat(after.desc().origin().life()).isGreaterThan(before.desc().origin().life());
  }

  private static void toldToGo(Simulation sim, int count) {
    settledCluster(sim, count);
    String old = leader(sim);
    Set<String> sawLeaving = new HashSet<>();
    sim.always(
        () ->
            sim.running().stream()
                .filter(node -> !node.name().equals(old))
                .filter(
                    node ->
                        node.ring()
                            .instance(old)
                            .filter(one -> one.state() == InstanceState.LEAVING)
                            .isPresent())
                .forEach(node -> sawLeaving.add(node.name())));
    sim.node(old).leave();
    sim.runUntil(
        Duration.ofSeconds(2),
        "gone everywhere, and another leads",
        () -> sim.running().stream().noneMatch(node -> node.sees(old)) && ledByOther(sim, old));
    assertThat(sawLeaving).hasSize(count - 1);
    sim.endsWell();
  }

  private static void splitAndHeal(Simulation sim, int count) {
    sim.mesh().conditions(Conditions.CALM.loss(0.05).doubling(0.05));
    List<String> names = sim.startAll(count);
    sim.runUntil(LATER, "settled", sim::settled);
    sim.mesh().split(List.of(names.subList(0, count / 2), names.subList(count / 2, count)));
    sim.runFor(Duration.ofSeconds(30));
    sim.runUntil(LATER, "a leader on each side", () -> sim.leading().size() == 2);
    sim.endsWell();
  }

  private static void forgottenAlive(Simulation sim, int count) {
    settledCluster(sim, count);
    Tokens before = sim.node("n-0").view("n-1").owned();
    sim.node("n-0").forget("n-1");
    sim.runUntil(
        Duration.ofSeconds(1),
        "registered anew, and back",
        () ->
            sim.node("n-1").member().events().stream()
                    .anyMatch(event -> event.kind().equals("returned"))
                && sim.node("n-0").sees("n-1"));
    assertThat(sim.node("n-0").view("n-1").owned()).isEqualTo(before);
    sim.endsWell();
  }

  private static void brokenDisk(Simulation sim, int count) {
    settledCluster(sim, count);
    String old = leader(sim);
    sim.node(old).kill();
    sim.runFor(Duration.ofSeconds(10));
    sim.start(old).disk().breakDown();
    sim.runFor(Duration.ofSeconds(70)); // longer than two abstentions
    assertThat(ledByOther(sim, old)).isTrue();
    assertThat(sim.node(old).member().alerts()).anyMatch(alert -> alert.contains("not eligible"));
    assertThat(sim.node(old).view(old).state()).isEqualTo(InstanceState.ACTIVE);
    sim.disk(old).mend();
    sim.endsWell();
  }

  private static void clocksToldWrong(Simulation sim, int count) {
    sim.startAll(count);
    sim.node("n-0").skew(Duration.ofMinutes(5));
    sim.node("n-1").skew(Duration.ofMinutes(-5));
    sim.runUntil(LATER, "settled", sim::settled);
    sim.runFor(LATER);
    assertThat(sim.node("n-2").view("n-0").clockOff()).isTrue();
    assertThat(sim.node("n-2").view("n-1").clockOff()).isTrue();
    assertThat(sim.node("n-2").view("n-2").clockOff()).isFalse();
    sim.endsWell();
  }

  /** Two sides drew the same tokens while they could not see each other. */
  private static void tokenClaimedTwice(Simulation sim, int count) {
    settledCluster(sim, count);
    Tokens twice = sim.node("n-0").view("n-0").owned();
    sim.mesh().split("n-0 | n-1");
    sim.runFor(SOON);
    sim.node("n-1")
        .write(
            ring ->
                ring.with(
                    ring.instance("n-1")
                        .orElseThrow()
                        .withTokens(twice)
                        .withTimestamp(ring.timestampFor("n-1", sim.time().now()), 1_000)));
    sim.runFor(SOON);
    sim.endsWell();
    for (SimNode node : sim.running()) {
      assertThat(node.view("n-0").owned()).isEqualTo(twice);
    }
  }

  private static void autoForget(Simulation sim, int count) {
    settledCluster(sim, count);
    sim.node("n-1").kill();
    sim.runFor(Duration.ofMinutes(9));
    assertThat(sim.node("n-0").sees("n-1")).isTrue();
    sim.runUntil(Duration.ofMinutes(2), "forgotten", () -> !sim.node("n-0").sees("n-1"));
    sim.always(() -> assertThat(sim.node("n-0").sees("n-2")).isTrue());
    sim.runFor(LATER);
    sim.endsWell();
  }

  private static void oneOfTwoKilled(Simulation sim, int count) {
    settledCluster(sim, count);
    String old = leader(sim);
    sim.node(old).kill();
    sim.runUntil(SOON, "the other leads", () -> sim.leading().size() == 1);
    sim.start(old);
    sim.endsWell();
  }

  private static void unnoticedRestart(Simulation sim, int count) {
    settledCluster(sim, count);
    Map<String, Tokens> before = Scenarios.tokens(sim);
    sim.node("n-2").kill();
    sim.runFor(Duration.ofMillis(50 + sim.chance().nextInt(500)));
    sim.start("n-2");
    sim.endsWell();
    assertThat(Scenarios.tokens(sim)).isEqualTo(before);
  }

  private static void restartOfAll(Simulation sim, int count) {
    List<String> names = settledCluster(sim, count);
    String old = leader(sim);
    sim.node(old).kill();
    sim.runUntil(SOON, "another leads", () -> ledByOther(sim, old));
    long epoch = sim.running().get(0).leadership().epoch();
    sim.running().forEach(SimNode::kill);
    names.forEach(sim::start);
    sim.endsWell();
    assertThat(sim.running()).allMatch(node -> node.leadership().epoch() > epoch);
  }

  /** A suspect that answers keeps the lead. */
  private static void falselySuspected(Simulation sim, int count) {
    settledCluster(sim, count);
    String leader = leader(sim);
    long epoch = sim.node(leader).leadership().epoch();
    for (int i = 0; i < 3; i++) {
      sim.mesh().doubt(leader, Duration.ofMillis(200 + sim.chance().nextInt(2_000)));
      sim.runFor(Duration.ofMillis(500 + sim.chance().nextInt(5_000)));
      String follower = other(sim, leader);
      sim.mesh().doubt(follower, Duration.ofMillis(500));
      sim.runFor(SOON);
    }
    assertThat(sim.node(leader).leads()).isTrue();
    assertThat(sim.node(leader).leadership().epoch()).isEqualTo(epoch);
    sim.endsWell();
  }

  /** Of many changes of one value only the last waits to be told. */
  private static void busyWhileAlone(Simulation sim, int count) {
    List<String> names = settledCluster(sim, count);
    sim.mesh().split(List.of(names.subList(0, 1), names.subList(1, count)));
    for (int i = 0; i < 60; i++) {
      sim.node("n-0").readOnly(i % 2 == 0);
      sim.runFor(Duration.ofMillis(500));
    }
    sim.endsWell();
  }
}
