package io.ringdaemon.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.kv.InMemoryKvStore;
import io.ringdaemon.kv.Key;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.model.TokenConflicts;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Views made from the view before against views made from the ground. */
class RingWatcherTest {
  private static final Key<RingDesc> KEY = new Key<>("r", RingCodec.INSTANCE);
  private static final InstanceState[] STATES = InstanceState.values();

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aViewAfterManyChangesIsTheOneMadeAtOnce(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    VirtualTime time = new VirtualTime(seed);
    var node = time.node();
    RingOptions options =
        new RingOptions(
            "r",
            1 + chance.nextInt(4),
            chance.nextBoolean(),
            Duration.ofSeconds(20),
            ReplicationStrategy.DEFAULT,
            chance.nextInt(4) == 0 ? Set.of("z1") : Set.of());
    InMemoryKvStore store = new InMemoryKvStore(node.world());
    List<RingWatcher> watcher = new ArrayList<>();
    node.world()
        .loop()
        .execute(
            () ->
                watcher.add(
                    new RingWatcher(node.world(), options, store, KEY, Liveness.unknown())));
    time.runFor(Duration.ofMillis(1));
    int space = chance.nextBoolean() ? 400 : 1 << 30; // conflicts in the narrow one
    for (int i = 0; i < 150; i++) {
      node.world()
          .loop()
          .execute(() -> store.cas(KEY, ring -> changed(ring, chance, space, node.world().now())));
      time.runFor(Duration.ofMillis(chance.nextInt(1_500)));
      node.world().loop().execute(() -> check(watcher.get(0), chance, options));
      time.runFor(Duration.ofMillis(1));
    }
  }

  private static RingDesc changed(RingDesc ring, SplittableRandom chance, int space, Instant now) {
    RingDesc changed = ring;
    for (int i = chance.nextInt(3); i >= 0; i--) {
      String id = "i-" + chance.nextInt(12);
      InstanceDesc held =
          changed.instance(id).orElseGet(() -> InstanceDesc.of(id, "", "z" + chance.nextInt(3)));
      int what = chance.nextInt(10);
      if (what == 0) {
        changed = changed.without(id);
        continue;
      }
      if (what < 3) {
        held = held.withState(STATES[chance.nextInt(STATES.length)]);
      } else if (what < 5 || held.tokens().isEmpty()) {
        held = held.withTokens(Tokens.of(chance.longs(chance.nextInt(12), 0, space).toArray()));
      } else if (what == 5) {
        held = held.withTokens(held.tokens().plus(Tokens.of(chance.nextLong(space))));
      } else if (what == 6) {
        held = held.withTokens(held.tokens().filter(token -> (token & 3) != 0));
      }
      changed = changed.with(held.withTimestamp(changed.timestampFor(id, now), i));
    }
    return changed;
  }

  private static void check(RingWatcher watcher, SplittableRandom chance, RingOptions options) {
    Ring view = watcher.ring();
    Map<String, Tokens> owned = TokenConflicts.owned(watcher.desc().entries());
    List<InstanceDesc> expected =
        watcher.desc().instances().stream()
            .filter(entry -> !options.excludedZones().contains(entry.zone()))
            .toList();
    assertThat(view.instances().stream().map(Instance::desc).toList()).isEqualTo(expected);
    view.instances().forEach(one -> assertThat(one.owned()).isEqualTo(owned.get(one.id())));
    assertThat(view.version()).isEqualTo(RingDesc.of(watcher.desc().entries()).version());
    Ring fresh = Ring.of(options, "0", view.asOf(), view.instances());
    assertThat(view.tokenCount()).isEqualTo(fresh.tokenCount());
    assertThat(view.arcs()).isEqualTo(fresh.arcs());
    assertThat(view.shares()).isEqualTo(fresh.shares());
    Owners some = new Owners();
    Owners others = new Owners();
    for (int i = 0; i < 40 && view.tokenCount() > 0; i++) {
      int key = RandomRings.key(chance, view);
      Operation operation = RandomRings.operation(chance);
      assertThat(view.ownersPacked(key, operation)).isEqualTo(fresh.ownersPacked(key, operation));
      assertThat(view.owners(key, operation, some)).isEqualTo(fresh.owners(key, operation, others));
      assertThat(some.needed()).isEqualTo(others.needed());
    }
  }
}
