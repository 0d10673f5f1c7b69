package io.ringdaemon.gossip.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.kv.Key;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes through the leader in whole clusters, from a seed (design.md section 5). */
class ChangesTest {
  private static final Key<RingDesc> RING = new Key<>("collectors/default", RingCodec.INSTANCE);
  private static final Duration LATER = Duration.ofSeconds(60);

  static LongStream seeds() {
    String replay = System.getProperty("seed");
    return replay == null ? LongStream.range(0, 12) : LongStream.of(Long.parseLong(replay));
  }

  private static Simulation settled(long seed, String... names) {
    Simulation sim = Simulation.of(seed);
    Stream.of(names).forEach(sim::start);
    sim.runUntil(Duration.ofSeconds(10), "settled", sim::settled);
    return sim;
  }

  /** Instances of other programs, so that there is much to change. */
  private static void addForeign(Simulation sim, int count) {
    SimNode node = sim.running().get(0);
    long now = sim.time().now().getEpochSecond();
    node.loop()
        .execute(
            () ->
                node.store()
                    .cas(
                        RING,
                        ring -> {
                          List<InstanceDesc> all = new ArrayList<>(ring.entries());
                          for (int i = 0; i < count; i++) {
                            all.add(
                                InstanceDesc.of("foreign-%04d".formatted(i), "10.0.0.1:80", "")
                                    .withState(InstanceState.ACTIVE)
                                    .withTimestamp(now, 0));
                          }
                          return RingDesc.of(all);
                        }));
    sim.runUntil(
        LATER,
        "all see the foreign instances",
        () ->
            sim.running().stream()
                .allMatch(one -> one.ring().instances().size() == count + sim.running().size()));
  }

  private static String id(int i) {
    return "foreign-%04d".formatted(i);
  }

  private static Change change(int i) {
    return i % 2 == 0
        ? new Change.Forget(List.of(id(i)), false)
        : new Change.SetReadOnly(id(i), true);
  }

  private static boolean shows(Ring ring, int i) {
    Optional<Instance> instance = ring.instance(id(i));
    return i % 2 == 0
        ? instance.isEmpty()
        : instance.filter(one -> one.desc().readOnly().on()).isPresent();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aThousandAtOnceThroughThreeNodesAreAllDoneAlsoWhenTheLeaderIsKilledInTheMiddle(long seed) {
    Simulation sim = settled(seed, "a", "b", "c");
    addForeign(sim, 1_000);
    sim.mesh().conditions(Conditions.CALM.loss(0.05).doubling(0.05));
    Map<Integer, Result> results = new HashMap<>();
    String leader = sim.agreedLeader().orElseThrow();
    boolean kill = seed % 2 == 0;
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      if (change(i) instanceof Change.Forget) {
        sim.absences().removedOnPurpose(id(i));
      }
      SimNode node = sim.running().get(i % 3);
      if (kill && node.name().equals(leader)) {
        node = sim.running().get((i + 1) % 3); // who asks a node that dies gets no answer
      }
      SimNode asked = node;
      asked
          .loop()
          .execute(
              () ->
                  asked
                      .member()
                      .change(change(number), "", List.of(), "test")
                      .thenAccept(
                          result -> {
                            assertThat(shows(asked.ring(), number)).isTrue();
                            results.put(number, result);
                          }));
    }
    if (kill) {
      sim.time().runFor(Duration.ofMillis(10 + seed));
      sim.node(leader).kill();
    }
    sim.runUntil(Duration.ofSeconds(4), "a thousand answers", () -> results.size() == 1_000);
    assertThat(results.values())
        .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Result.Outcome.DONE));
    sim.runUntil(
        LATER,
        "all see every change",
        () ->
            sim.running().stream()
                .allMatch(node -> IntStream.range(0, 1_000).allMatch(i -> shows(node.ring(), i))));
  }

  /** Somebody who flips a flag again and again, each time based on what was read. */
  private static final class Flipper {
    private final SimNode node;
    private final String instance;
    private int left;
    private int flips;

    private Flipper(SimNode node, String instance, int times) {
      this.node = node;
      this.instance = instance;
      this.left = times;
      node.loop().execute(this::flip);
    }

    private void flip() {
      Ring ring = node.ring();
      boolean on = ring.instance(instance).orElseThrow().desc().readOnly().on();
      RingMember member = node.member();
      member
          .change(new Change.SetReadOnly(instance, !on), "", List.of(ring.version()), "test")
          .thenAccept(
              result -> {
                assertThat(result.outcome()).isNotEqualTo(Result.Outcome.REFUSED);
                if (result.outcome() == Result.Outcome.DONE) {
                  left--;
                  flips++;
                }
                if (left > 0) {
                  Duration pause = Duration.ofMillis(5 + node.loop().world().chance().nextInt(50));
                  node.loop().after(pause, this::flip);
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void changesBasedOnWhatWasReadOverwriteNothing(long seed) {
    Simulation sim = settled(seed, "a", "b", "c");
    sim.mesh().conditions(Conditions.CALM.loss(0.01).doubling(0.1));
    List<Flipper> flippers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String instance = sim.running().get(i / 3).name();
      flippers.add(new Flipper(sim.running().get(i % 3), instance, 12));
    }
    sim.runUntil(
        Duration.ofMinutes(3),
        "all flips are done",
        () -> flippers.stream().allMatch(flipper -> flipper.left == 0));
    sim.time().runFor(Duration.ofSeconds(2));
    for (SimNode node : sim.running()) {
      for (String instance : List.of("a", "b", "c")) {
        int flips =
            flippers.stream()
                .filter(flipper -> flipper.instance.equals(instance))
                .mapToInt(flipper -> flipper.flips)
                .sum();
        assertThat(node.ring().instance(instance).orElseThrow().desc().readOnly().on())
            .as("%s after %d flips", instance, flips)
            .isEqualTo(flips % 2 == 1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void ofTwoNodesEitherForgetsTheDeadOtherAndALeaderThatIsSilentIsPassedOver(long seed) {
    Simulation sim = settled(seed, "a", "b");
    String leader = sim.agreedLeader().orElseThrow();
    SimNode other =
        sim.running().stream()
            .filter(node -> !node.name().equals(leader))
            .findFirst()
            .orElseThrow();
    sim.node(leader).loop().freeze(Duration.ofSeconds(10));
    List<Result> results = new ArrayList<>();
    other
        .loop()
        .execute(
            () ->
                other
                    .member()
                    .change(new Change.SetReadOnly(other.name(), true), "", List.of(), "test")
                    .thenAccept(results::add));
    Duration took =
        sim.runUntil(Duration.ofSeconds(3), "the change is answered", () -> !results.isEmpty());
    assertThat(took).isBetween(Duration.ofMillis(950), Duration.ofMillis(1_300));
    assertThat(other.ring().instance(other.name()).orElseThrow().desc().readOnly().on()).isTrue();
    sim.runUntil(LATER, "settled again", sim::settled);
    sim.node(leader).kill();
    sim.time().runFor(Duration.ofSeconds(5));
    other.forget(leader);
    sim.runUntil(Duration.ofSeconds(2), "the dead one is forgotten", () -> !other.sees(leader));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aResignationThroughAnyNodeMovesTheLead(long seed) {
    Simulation sim = settled(seed, "a", "b", "c");
    String old = sim.agreedLeader().orElseThrow();
    long epoch = sim.node(old).leadership().epoch();
    SimNode other =
        sim.running().stream().filter(node -> !node.name().equals(old)).findFirst().orElseThrow();
    other
        .loop()
        .execute(() -> other.member().change(new Change.Resign(old, epoch), "", List.of(), "test"));
    sim.runUntil(
        Duration.ofSeconds(1),
        "another leader",
        () -> sim.agreedLeader().filter(id -> !id.equals(old)).isPresent());
    assertThat(sim.running())
        .allSatisfy(node -> assertThat(node.leadership().epoch()).isGreaterThan(epoch));
    sim.always(() -> assertThat(sim.leading()).doesNotContain(old));
    sim.time().runFor(Duration.ofSeconds(4)); // it does not come back at once
  }

  private static void change(Simulation sim, SimNode node, Change change) {
    List<Result> results = new ArrayList<>();
    node.loop()
        .execute(
            () -> node.member().change(change, "", List.of(), "test").thenAccept(results::add));
    sim.runUntil(LATER, "the change is answered", () -> !results.isEmpty());
  }

  private static long told(SimNode node, String text) {
    return node.member().events().stream().filter(event -> event.text().equals(text)).count();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoAskedWhoLedAndWhoWroteEachTellOnceByWhom(long seed) {
    Simulation sim = settled(seed, "a", "b", "c");
    SimNode leader = sim.node(sim.agreedLeader().orElseThrow());
    List<SimNode> others = sim.running().stream().filter(node -> node != leader).toList();
    SimNode asked = others.get(0);
    SimNode writer = others.get(1);
    change(sim, asked, new Change.SetReadOnly(writer.name(), true));
    assertThat(sim.running())
        .allSatisfy(node -> assertThat(told(node, "set read-only on by test")).isOne());
    sim.absences().removedOnPurpose(writer.name());
    writer.kill();
    sim.time().runFor(Duration.ofSeconds(5));
    change(sim, asked, new Change.Forget(List.of(writer.name()), false));
    assertThat(told(asked, "forgotten by test")).isOne();
    assertThat(told(leader, "forgotten by test")).isOne();
  }
}
