package io.ringdaemon.lifecycle;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static io.ringdaemon.model.InstanceState.JOINING;
import static io.ringdaemon.model.InstanceState.LEAVING;
import static io.ringdaemon.model.InstanceState.LEFT;
import static io.ringdaemon.model.InstanceState.PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three instances in one ring through a random story: killed, restarted, forgotten, robbed of
 * tokens, frozen, with skewed clocks and a slow or failing store, leaving with work to do. Whatever
 * happens, the rules below hold after every write; and when it is over all is well again.
 */
class LifecycleModelTest {
  private static final List<String> IDS = List.of("a", "b", "c");
  private static final Map<InstanceState, Set<InstanceState>> LEGAL =
      Map.of(
          PENDING, Set.of(JOINING, LEAVING, LEFT),
          JOINING, Set.of(ACTIVE, LEAVING, PENDING),
          ACTIVE, Set.of(LEAVING, PENDING),
          LEAVING, Set.of(LEFT),
          LEFT, Set.of());

  private VirtualTime time;
  private SharedRing ring;
  private SplittableRandom chance;
  private final Map<String, Life> lives = new TreeMap<>();
  private final Map<String, Life.Disk> disks = new HashMap<>();
  private final Map<Life, Integer> statesSeen = new HashMap<>();
  private final Set<Life> everActive = new java.util.HashSet<>();
  private final Set<Life> everReady = new java.util.HashSet<>();
  private final List<String> story = new ArrayList<>();
  private int robberies;

  static LongStream seeds() {
    String replay = System.getProperty("seed");
    return replay == null ? LongStream.range(0, 100) : LongStream.of(Long.parseLong(replay));
  }

  private Liveness liveness() {
    return (node, life) ->
        lives.values().stream()
            .filter(one -> ("node-" + one.id).equals(node) && one.life == life)
            .findFirst()
            .map(one -> one.node.dead() ? Liveness.State.DEAD : Liveness.State.ALIVE)
            .map(state -> new Liveness.Report(state, Instant.EPOCH))
            .orElse(new Liveness.Report(Liveness.State.DEAD, Instant.EPOCH));
  }

  private void start(String id) {
    boolean gated = chance.nextInt(4) == 0;
    Duration joinAfter = Duration.ofSeconds(chance.nextInt(3) == 0 ? chance.nextInt(20) : 0);
    Life life =
        new Life(
            time,
            ring,
            id,
            disks.computeIfAbsent(id, any -> new Life.Disk()),
            liveness(),
            config ->
                config.withOptions(
                    config
                        .options()
                        .withJoinAfter(joinAfter)
                        .withJoinGate(
                            view -> !gated || view.instances().size() > 1, Duration.ofSeconds(20))
                        .withReadiness(
                            new Readiness.Config(Duration.ofSeconds(3), chance.nextBoolean()))));
    lives.put(id, life);
  }

  /** Rules of one write. */
  private void written(RingDesc before, RingDesc after) {
    for (InstanceDesc now : after.entries()) {
      InstanceDesc was = before.entry(now.id()).orElse(null);
      if (was == null || was.equals(now)) {
        continue;
      }
      assertThat(now.timestamp()).as("timestamps only rise").isGreaterThan(was.timestamp());
      if (now.isTombstone() || was.isTombstone() || !IDS.contains(now.id())) {
        continue;
      }
      assertThat(now.registered())
          .as("the time of registration stays, unless it was forgotten")
          .isEqualTo(was.registered());
      if (now.origin().equals(was.origin())) {
        assertThat(now.sequence()).isGreaterThan(was.sequence());
        assertThat(was.state() == LEAVING && now.state() != LEAVING)
            .as("nothing comes back from LEAVING within one life")
            .isFalse();
      }
      if (was.tokens().size() == 4 && robberies == 0) {
        assertThat(now.tokens()).as("tokens are kept, also by a restart").isEqualTo(was.tokens());
      }
      if (now.state() == JOINING || now.state() == ACTIVE) {
        assertThat(now.tokens().size()).as("as many tokens as configured").isEqualTo(4);
      }
    }
  }

  /** Rules of what the instances say of themselves. */
  private void stands() {
    for (Life life : lives.values()) {
      int from = statesSeen.getOrDefault(life, 1);
      for (int i = from; i < life.states.size(); i++) {
        InstanceState was = life.states.get(i - 1);
        InstanceState now = life.states.get(i);
        assertThat(now == was || LEGAL.get(was).contains(now)).as(was + " to " + now).isTrue();
      }
      statesSeen.put(life, life.states.size());
      if (life.state() == ACTIVE) {
        everActive.add(life);
      }
      if (life.lifecycler.readiness().ready()) {
        assertThat(everActive).as("never ready before ACTIVE").contains(life);
        everReady.add(life);
      } else {
        assertThat(everReady).as("once ready, always ready").doesNotContain(life);
      }
    }
  }

  private void event() {
    Life life = lives.get(IDS.get(chance.nextInt(IDS.size())));
    int drawn = chance.nextInt(14);
    story.add(time.now() + " " + drawn + " " + (life == null ? "" : life.id));
    switch (drawn) {
      case 0, 1 -> {
        life.node.kill();
        time.runFor(Duration.ofMillis(1 + chance.nextInt(20_000)));
        start(life.id);
      }
      case 2 -> ring.change(all -> all.without(life.id));
      case 3 -> rob(life);
      case 4 -> life.node.freeze(Duration.ofMillis(chance.nextInt(30_000)));
      case 5 -> life.node.skew(Duration.ofSeconds(chance.nextInt(-100, 100)));
      case 6 -> ring.failing = !ring.failing;
      case 7 -> ring.slow = Duration.ofMillis(chance.nextInt(800));
      case 8, 9 -> {
        boolean on = chance.nextBoolean();
        var unused = life.on(lifecycler -> lifecycler.readOnly(on));
      }
      case 10 -> {
        life.lifecycler.unregisterOnShutdown(chance.nextBoolean());
        CompletableFuture<Void> work = new CompletableFuture<>();
        life.node.after(Duration.ofMillis(chance.nextInt(8_000)), () -> work.complete(null));
        var unused = life.on(lifecycler -> lifecycler.leave(() -> work));
      }
      case 11 -> {
        if (life.state() == LEFT) {
          life.node.kill();
          start(life.id);
        }
      }
      default -> {}
    }
  }

  /** Somebody of a smaller id claims one of its tokens. */
  private void rob(Life life) {
    Tokens held = life.entry().map(InstanceDesc::tokens).orElse(Tokens.NONE);
    if (!held.isEmpty()) {
      robberies++;
      String robber = "0-" + robberies;
      ring.change(
          all ->
              all.with(
                  InstanceDesc.of(robber, "r:1", "")
                      .withState(ACTIVE)
                      .withTokens(Tokens.of(held.at(0)))
                      .withTimestamp(time.now().getEpochSecond(), 1)));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theRulesHoldInEveryStoryAndInTheEndAllIsWell(long seed) {
    time = new VirtualTime(seed);
    chance = new SplittableRandom(seed);
    ring = new SharedRing(time);
    ring.check(this::written);
    try {
      IDS.forEach(this::start);
      for (int i = 0; i < 60; i++) {
        for (int pause = chance.nextInt(60); pause >= 0; pause--) {
          time.runFor(Duration.ofMillis(100));
          stands();
        }
        event();
        stands();
      }
      ring.failing = false;
      ring.slow = Duration.ZERO;
      lives.values().forEach(life -> life.node.skew(Duration.ZERO));
      time.runFor(Duration.ofMinutes(1)); // whoever leaves is gone
      stands();
      for (String id : IDS) {
        if (lives.get(id).state() == LEFT) {
          lives.get(id).node.kill();
          start(id);
        }
      }
      time.runFor(Duration.ofMinutes(5));
      stands();
      Map<Integer, String> owners = new HashMap<>();
      for (Life life : lives.values()) {
        assertThat(life.state()).isEqualTo(ACTIVE);
        InstanceDesc entry = life.present();
        assertThat(entry.state()).isEqualTo(ACTIVE);
        assertThat(entry.tokens()).isEqualTo(life.lifecycler.phase().claimed());
        assertThat(life.disk.tokens).hasValue(entry.tokens());
        entry
            .tokens()
            .ints()
            .forEach(token -> assertThat(owners.putIfAbsent(token, life.id)).isNull());
        assertThat(life.watcher.ring().instance(life.id).orElseThrow().owned())
            .isEqualTo(entry.tokens());
      }
    } catch (AssertionError broken) {
      throw new AssertionError(
          "seed %d: %s\n%s".formatted(seed, broken.getMessage(), String.join("\n", story)), broken);
    }
  }
}
