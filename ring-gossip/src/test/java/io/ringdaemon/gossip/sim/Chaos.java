package io.ringdaemon.gossip.sim;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Whatever the seed wants: two minutes of faults of every kind, then quiet, in which all must come
 * right again.
 */
final class Chaos {
  private static final int FAULTS = 24;

  private final Simulation sim;
  private final RandomGenerator chance;
  private final List<String> names;

  private Chaos(Simulation sim, int count) {
    this.sim = sim;
    this.chance = sim.chance();
    this.names = sim.startAll(count);
  }

  static void run(Simulation sim, int count) {
    Chaos chaos = new Chaos(sim, count);
    sim.runFor(Duration.ofMillis(chance(sim, 8_000)));
    for (int i = 0; i < FAULTS; i++) {
      chaos.fault();
      sim.runFor(Duration.ofMillis(chance(sim, 10_000)));
    }
    chaos.everybodyBack();
    sim.endsWell();
  }

  private static int chance(Simulation sim, int most) {
    return 1 + sim.chance().nextInt(most);
  }

  private String somebody() {
    return names.get(chance.nextInt(names.size()));
  }

  private void fault() {
    String name = somebody();
    SimNode node = sim.node(name);
    switch (chance.nextInt(14)) {
      case 0, 1 -> crash(node);
      case 2, 3 -> comeBack(name);
      case 4 -> leave(node);
      case 5 -> freeze(node);
      case 6 -> skew(node);
      case 7 -> split();
      case 8 -> cutOneWay(name, somebody());
      case 9 -> {
        sim.tell("links mended");
        sim.mesh().heal();
      }
      case 10 -> weather();
      case 11 -> forget(node, somebody());
      case 12 -> {
        sim.tell(name + " is doubted");
        sim.mesh().doubt(name, Duration.ofMillis(chance(sim, 3_000)));
      }
      default -> readOnly(node);
    }
  }

  private void crash(SimNode node) {
    if (node.running()) {
      sim.tell("kills " + node);
      node.kill();
      if (chance.nextInt(5) == 0) {
        sim.tell("and its disk is lost");
        node.disk().lose();
      }
    }
  }

  private void comeBack(String name) {
    if (!sim.node(name).running()) {
      sim.tell("starts " + name);
      sim.start(name);
    }
  }

  private void leave(SimNode node) {
    if (node.staying() && !node.loop().frozen()) {
      sim.tell("stops " + node);
      node.leave();
    }
  }

  private void freeze(SimNode node) {
    if (node.staying()) {
      Duration pause = Duration.ofMillis(chance(sim, chance.nextInt(4) == 0 ? 60_000 : 4_000));
      sim.tell("freezes " + node + " for " + pause);
      node.freeze(pause);
    }
  }

  private void skew(SimNode node) {
    if (node.running()) {
      Duration skew = Duration.ofSeconds(chance.nextInt(600) - 300);
      sim.tell("clock of " + node + " off by " + skew);
      node.skew(skew);
    }
  }

  private void split() {
    List<String> order = Scenarios.shuffled(sim, names);
    int at = chance(sim, names.size() - 1);
    sim.tell("splits " + order.subList(0, at) + " from " + order.subList(at, order.size()));
    sim.mesh().split(List.of(order.subList(0, at), order.subList(at, order.size())));
  }

  private void cutOneWay(String from, String to) {
    if (!from.equals(to)) {
      sim.tell("nothing from " + from + " reaches " + to);
      sim.mesh().cut(from, to);
    }
  }

  private void weather() {
    Conditions now =
        Conditions.CALM
            .loss(chance.nextDouble() * 0.4)
            .doubling(chance.nextDouble() * 0.3)
            .straying(chance.nextDouble() * 0.1)
            .latency(Duration.ofMillis(1), Duration.ofMillis(chance(sim, 100) + 1));
    sim.tell(now.toString());
    sim.mesh().conditions(now);
  }

  private void forget(SimNode node, String id) {
    if (node.staying()) {
      sim.tell(node + " forgets " + id);
      node.forget(id);
    }
  }

  private void readOnly(SimNode node) {
    if (node.staying()) {
      sim.tell(node + " changes its read-only flag");
      node.readOnly(chance.nextBoolean());
    }
  }

  private void everybodyBack() {
    sim.mesh().heal();
    sim.mesh().conditions(Conditions.CALM);
    sim.runUntil(
        Duration.ofMinutes(2),
        "those that leave have left, those that sleep are awake",
        () -> sim.running().stream().allMatch(node -> node.staying() && !node.loop().frozen()));
    names.forEach(this::comeBack);
  }
}
