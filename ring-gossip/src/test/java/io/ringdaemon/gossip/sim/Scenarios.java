package io.ringdaemon.gossip.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What can befall a whole cluster. The smaller stories of one rule each are {@link Stories}. */
public final class Scenarios {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final List<Scenario> LARGE =
      List.of(
          new Scenario("rolling-restart", 7, Scenarios::rollingRestart),
          new Scenario("half-crashes", 6, Scenarios::halfCrashes),
          new Scenario("split-for-half-an-hour", 2, Scenarios::splitForHalfAnHour),
          new Scenario("same-epoch-on-both-sides", 4, Scenarios::sameEpochOnBothSides),
          new Scenario("forget-during-split", 5, Scenarios::forgetDuringSplit),
          new Scenario("frozen-ten-minutes", 4, Scenarios::frozenTenMinutes),
          new Scenario("clocks-five-minutes", 4, Scenarios::clocksFiveMinutes),
          new Scenario("clock-hour-ahead", 4, Scenarios::clockHourAhead),
          new Scenario("heavy-loss", 6, Scenarios::heavyLoss),
          new Scenario("gossip-lost", 5, Scenarios::gossipLost),
          new Scenario("colliding-tokens", 7, Scenarios::collidingTokens),
          new Scenario("one-way-links", 5, Scenarios::oneWayLinks),
          new Scenario("slow-node", 4, Scenarios::slowNode),
          new Scenario("join-through-one-seed", 7, Scenarios::joinThroughOneSeed),
          new Scenario("chaos", 5, Chaos::run));

  private Scenarios() {}

  /** All, those of one rule too. */
  public static List<Scenario> all() {
    return Stream.concat(LARGE.stream(), Stories.ALL.stream()).toList();
  }

  /** The one of that name. */
  public static Scenario named(String name) {
    return all().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no scenario %s; there are %s".formatted(name, all())));
  }

  /** Starts {@code count} nodes and waits until they agree. */
  static List<String> settledCluster(Simulation sim, int count) {
    List<String> names = sim.startAll(count);
    sim.runUntil(Duration.ofSeconds(20 + count / 5), "settled at first", sim::settled);
    return names;
  }

  static Map<String, Tokens> tokens(Simulation sim) {
    Map<String, Tokens> tokens = new HashMap<>();
    sim.running().get(0).ring().instances().forEach(one -> tokens.put(one.id(), one.owned()));
    return tokens;
  }

  static List<String> shuffled(Simulation sim, List<String> names) {
    List<String> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, new Random(sim.chance().nextLong()));
    return shuffled;
  }

  private static void rollingRestart(Simulation sim, int count) {
    sim.mesh().conditions(Conditions.CALM.loss(0.02).doubling(0.05));
    List<String> names = settledCluster(sim, count);
    Map<String, Tokens> before = tokens(sim);
    for (String name : names) {
      boolean crash = sim.chance().nextInt(4) == 0;
      sim.tell((crash ? "kills " : "stops ") + name);
      if (crash) {
        sim.node(name).kill();
      } else {
        sim.node(name).leave();
      }
      sim.runUntil(SOON, name + " stops", () -> !sim.node(name).running());
      sim.runFor(Duration.ofMillis(500 + sim.chance().nextInt(1_000)));
      sim.start(name);
      sim.runFor(SECOND);
    }
    sim.endsWell();
    assertThat(tokens(sim)).isEqualTo(before);
  }

  private static void halfCrashes(Simulation sim, int count) {
    List<String> names = shuffled(sim, settledCluster(sim, count));
    Map<String, Tokens> before = tokens(sim);
    List<String> victims = names.subList(0, count / 2);
    List<String> survivors = names.subList(count / 2, count);
    sim.tell("kills " + victims);
    long epoch = sim.node(survivors.get(0)).leadership().epoch();
    boolean leaderDied = victims.contains(sim.agreedLeader().orElseThrow());
    victims.forEach(name -> sim.node(name).kill());
    sim.runUntil(
        Duration.ofSeconds(15), // promise 5; who loses half of its peers stands back for five
        "the survivors agree on one of them",
        () -> sim.agreedLeader().filter(survivors::contains).isPresent());
    if (leaderDied) {
      assertThat(sim.node(survivors.get(0)).leadership().epoch()).isGreaterThan(epoch);
    }
    sim.runUntil(
        SOON,
        "the survivors know who is dead",
        () ->
            sim.running().stream()
                .allMatch(
                    node ->
                        victims.stream().noneMatch(dead -> node.view(dead).health().healthy())));
    sim.runFor(SOON);
    for (String name : victims) {
      if (sim.chance().nextInt(3) == 0) {
        sim.tell(name + " lost its disk");
        sim.disk(name).lose();
        before.remove(name);
      }
      sim.start(name);
    }
    sim.endsWell();
    assertThat(tokens(sim)).containsAllEntriesOf(before);
  }

  private static void splitForHalfAnHour(Simulation sim, int count) {
    sim.configured(sim.config().heartbeatPeriod(Duration.ofSeconds(15)));
    List<String> names = shuffled(sim, settledCluster(sim, count));
    List<String> one = names.subList(0, count / 2);
    List<String> other = names.subList(count / 2, count);
    sim.tell("splits " + one + " from " + other);
    sim.mesh().split(List.of(one, other));
    sim.runFor(Duration.ofMinutes(5));
    assertThat(sim.leading()).hasSize(2);
    String newcomer = "x-new";
    sim.at(MINUTE, () -> sim.node(one.get(0)).readOnly(true));
    sim.at(
        MINUTE,
        () -> {
          sim.start(newcomer);
          other.forEach(far -> sim.mesh().cut(newcomer, far));
          other.forEach(far -> sim.mesh().cut(far, newcomer));
        });
    sim.runFor(Duration.ofMinutes(25));
    sim.endsWell();
    for (SimNode node : sim.running()) {
      assertThat(node.view(one.get(0)).desc().readOnly().on()).isTrue();
      assertThat(node.sees(newcomer)).isTrue();
    }
  }

  /** Both sides lose the leader at once, and count on from the same epoch. */
  private static void sameEpochOnBothSides(Simulation sim, int count) {
    List<String> names = settledCluster(sim, count);
    String leader = sim.agreedLeader().orElseThrow();
    List<String> rest = new ArrayList<>(shuffled(sim, names));
    rest.remove(leader);
    List<String> one = rest.subList(0, rest.size() / 2);
    List<String> other = rest.subList(rest.size() / 2, rest.size());
    sim.tell("kills " + leader + ", splits " + one + " from " + other);
    sim.node(leader).kill();
    sim.mesh().split(List.of(one, other));
    sim.runUntil(Duration.ofSeconds(20), "a leader on each side", () -> sim.leading().size() == 2);
    sim.runFor(SOON);
    sim.mesh().heal();
    sim.runFor(Duration.ofSeconds(15)); // the older leader stays away: nobody else decides
    assertThat(sim.leading()).hasSize(1);
    sim.start(leader);
    sim.endsWell();
  }

  private static void forgetDuringSplit(Simulation sim, int count) {
    List<String> names = shuffled(sim, settledCluster(sim, count));
    String victim = names.get(0);
    List<String> one = names.subList(1, 1 + (count - 1) / 2);
    List<String> other = names.subList(1 + (count - 1) / 2, count);
    sim.tell("kills " + victim + ", splits " + one + " from " + other);
    sim.node(victim).kill();
    sim.runFor(Duration.ofMillis(sim.chance().nextInt(6_000)));
    sim.mesh().split(List.of(one, other));
    sim.runFor(SOON);
    sim.tell(one.get(0) + " forgets it");
    sim.node(one.get(0)).forget(victim);
    sim.runUntil(
        SOON,
        "forgotten on one side",
        () -> one.stream().noneMatch(name -> sim.node(name).sees(victim)));
    sim.runFor(Duration.ofSeconds(90)); // old states are purged each minute
    assertThat(other).allMatch(name -> sim.node(name).sees(victim));
    boolean comesBack = sim.chance().nextInt(3) == 0;
    if (comesBack) {
      sim.start(victim);
    }
    sim.endsWell();
    assertThat(sim.running()).allMatch(node -> node.sees(victim) == comesBack);
  }

  private static void frozenTenMinutes(Simulation sim, int count) {
    List<String> names = shuffled(sim, settledCluster(sim, count));
    String sleeper = sim.chance().nextBoolean() ? sim.agreedLeader().orElseThrow() : names.get(0);
    List<String> others = names.stream().filter(name -> !name.equals(sleeper)).toList();
    sim.tell("freezes " + sleeper);
    sim.node(sleeper).freeze(Duration.ofMinutes(10).minusSeconds(sim.chance().nextInt(40)));
    String gone = others.get(0);
    sim.at(SOON, () -> sim.node(gone).kill());
    sim.at(MINUTE, () -> sim.node(others.get(1)).forget(gone));
    sim.at(Duration.ofMinutes(2), () -> sim.node(others.get(1)).readOnly(true));
    sim.runFor(Duration.ofMinutes(9));
    assertThat(sim.agreedLeader()).isPresent().get().isNotEqualTo(sleeper);
    sim.runFor(Duration.ofMinutes(1).plusSeconds(1));
    sim.endsWell();
    assertThat(sim.running()).noneMatch(node -> node.sees(gone)).hasSize(count - 1);
    assertThat(sim.node(sleeper).view(others.get(1)).desc().readOnly().on()).isTrue();
  }

  private static void clocksFiveMinutes(Simulation sim, int count) {
    List<String> names = sim.startAll(count);
    for (String name : names) {
      sim.node(name).skew(Duration.ofSeconds(sim.chance().nextInt(601) - 300));
    }
    sim.runUntil(Duration.ofSeconds(30), "settled", sim::settled);
    sim.runFor(SOON);
    sim.always(
        () -> {
          for (SimNode node : sim.running()) {
            assertThat(node.ring().instances()).allMatch(one -> one.health().healthy());
          }
        });
    sim.runFor(MINUTE);
    String jumper = names.get(sim.chance().nextInt(count));
    sim.tell("sets the clock of " + jumper);
    sim.node(jumper).skew(Duration.ofSeconds(sim.chance().nextInt(601) - 300));
    sim.runFor(MINUTE);
    sim.endsWell();
  }

  /** Its entry dies with it, and a removal by a node an hour behind must still win. */
  private static void clockHourAhead(Simulation sim, int count) {
    List<String> names = shuffled(sim, settledCluster(sim, count));
    String ahead = names.get(0);
    sim.tell("sets the clock of " + ahead + " an hour ahead");
    sim.node(ahead).skew(Duration.ofHours(1));
    sim.runFor(Duration.ofSeconds(30));
    assertThat(sim.running()).allMatch(node -> node.view(ahead).health().healthy());
    sim.tell("kills it");
    sim.node(ahead).kill();
    sim.runUntil(
        SOON,
        "seen dead",
        () -> sim.running().stream().noneMatch(node -> node.view(ahead).health().healthy()));
    sim.runFor(SOON);
    sim.node(names.get(1)).forget(ahead);
    sim.runUntil(
        SOON, "forgotten", () -> sim.running().stream().noneMatch(node -> node.sees(ahead)));
    sim.runFor(MINUTE);
    assertThat(sim.running()).noneMatch(node -> node.sees(ahead));
    if (sim.chance().nextBoolean()) {
      sim.node(names.get(1)).skew(Duration.ZERO);
    }
    SimNode again = sim.start(ahead);
    again.skew(Duration.ZERO); // its host got the time right meanwhile
    sim.endsWell();
    assertThat(sim.running()).allMatch(node -> node.sees(ahead));
  }

  private static void heavyLoss(Simulation sim, int count) {
    sim.mesh().conditions(Conditions.CALM.loss(0.3).doubling(0.1).straying(0.05));
    List<String> names = sim.startAll(count);
    sim.runUntil(
        MINUTE,
        "everybody sees everybody",
        () -> sim.running().stream().allMatch(node -> node.ring().instances().size() == count));
    for (int i = 0; i < 5; i++) {
      sim.node(names.get(sim.chance().nextInt(count))).readOnly(sim.chance().nextBoolean());
      sim.runFor(Duration.ofSeconds(4));
    }
    String restarted = names.get(sim.chance().nextInt(count));
    sim.tell("restarts " + restarted);
    sim.node(restarted).kill();
    sim.runFor(Duration.ofSeconds(1 + sim.chance().nextInt(8)));
    sim.start(restarted);
    sim.runFor(Duration.ofSeconds(30));
    sim.endsWell();
  }

  /**
   * Changes of which no message arrives. The living are made good by their heartbeats; the removal
   * of a dead one only by comparing states.
   */
  private static void gossipLost(Simulation sim, int count) {
    List<String> names = shuffled(sim, settledCluster(sim, count));
    String teller = names.get(0);
    String dead = names.get(1);
    sim.tell("kills " + dead);
    sim.node(dead).kill();
    sim.runFor(SOON);
    sim.tell("all messages are lost");
    sim.mesh().conditions(Conditions.CALM.loss(1));
    sim.node(teller).readOnly(true);
    sim.node(teller).forget(dead);
    sim.runFor(Duration.ofSeconds(20));
    sim.mesh().conditions(Conditions.CALM);
    sim.tell("no longer");
    sim.runUntil(
        MINUTE,
        "everybody knows of both",
        () ->
            sim.running().stream()
                .allMatch(node -> !node.sees(dead) && node.view(teller).desc().readOnly().on()));
    sim.endsWell();
  }

  /** As when hosts are copies of one image. */
  private static void collidingTokens(Simulation sim, int count) {
    Tokens same =
        Tokens.ofInts(
            IntStream.generate(() -> sim.chance().nextInt())
                .distinct()
                .limit(sim.config().tokens())
                .sorted());
    Simulation.names(count).forEach(name -> sim.disk(name).put(same));
    sim.startAll(count);
    sim.runUntil(MINUTE, "settled", sim::settled);
    sim.endsWell();
    assertThat(sim.node("n-0").view("n-0").owned()).isEqualTo(same);
  }

  private static void oneWayLinks(Simulation sim, int count) {
    List<String> names = shuffled(sim, settledCluster(sim, count));
    for (int i = 0; i < count; i++) {
      String from = names.get(sim.chance().nextInt(count));
      String to = names.get(sim.chance().nextInt(count));
      if (!from.equals(to)) {
        sim.tell("nothing from " + from + " reaches " + to);
        sim.mesh().cut(from, to);
      }
    }
    sim.runFor(SOON);
    sim.node(names.get(0)).readOnly(true);
    sim.runFor(MINUTE);
    String deaf = names.get(1);
    sim.tell("nothing from " + deaf + " reaches anybody");
    names.stream().filter(other -> !other.equals(deaf)).forEach(to -> sim.mesh().cut(deaf, to));
    sim.runFor(MINUTE);
    sim.endsWell();
  }

  private static void slowNode(Simulation sim, int count) {
    List<String> names = settledCluster(sim, count);
    String slow = names.get(sim.chance().nextInt(count));
    sim.tell(slow + " is slow");
    sim.node(slow).loop().slow(Duration.ofMillis(5 + sim.chance().nextInt(15)));
    for (int i = 0; i < 6; i++) {
      sim.at(
          Duration.ofSeconds(3 + 7L * i),
          () -> sim.node(slow).freeze(Duration.ofMillis(200 + sim.chance().nextInt(2_500))));
      sim.at(
          Duration.ofSeconds(5L * i),
          () -> sim.mesh().doubt(names.get(sim.chance().nextInt(count)), SECOND));
    }
    sim.runFor(MINUTE);
    sim.endsWell();
  }

  private static void joinThroughOneSeed(Simulation sim, int count) {
    List<String> names = Simulation.names(count);
    Set<String> seed = Set.of(names.get(0));
    names.forEach(
        name ->
            sim.at(
                Duration.ofMillis(sim.chance().nextInt(1 + 10 * count)),
                () -> sim.start(name, seed)));
    sim.runUntil(
        Duration.ofMinutes(3),
        "all have joined",
        () -> sim.running().size() == count && sim.settled());
    sim.endsWell();
    assertThat(sim.agreedLeader()).isEqualTo(sim.choice()).isNotEqualTo(Optional.empty());
  }
}
