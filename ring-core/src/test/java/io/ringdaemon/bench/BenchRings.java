package io.ringdaemon.bench;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.ReplicationStrategy;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Rings of the benchmarks' sizes: random tokens, instances taken in turn by the zones. */
public final class BenchRings {
  static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private BenchRings() {}

  /** The key of a call: as good as random, without an array that would fill the caches. */
  static int key(int call) {
    int key = (call ^ (call >>> 16)) * 0x85ebca6b;
    key = (key ^ (key >>> 13)) * 0xc2b2ae35;
    return key ^ (key >>> 16);
  }

  /** Tokens that no other instance of these rings has: the low bits tell whose they are. */
  static InstanceDesc entry(SplittableRandom chance, int i, int tokens, int zones) {
    return InstanceDesc.of("instance-%05d".formatted(i), "10.0.0.1:9095", "zone-" + i % zones)
        .withState(InstanceState.ACTIVE)
        .withTokens(Tokens.ofInts(chance.ints(tokens).map(token -> (token & ~0xFFF) | i)))
        .withRegistered(1_600_000_000)
        .withOrigin(new InstanceDesc.Origin("node-" + i, 1_690_000_000_000L, ""))
        .withVersions(Map.of(InstanceDesc.RING_DAEMON, 1L))
        .withTimestamp(NOW.getEpochSecond(), 1);
  }

  public static RingDesc desc(int instances, int tokens, int zones) {
    SplittableRandom chance = new SplittableRandom(7);
    List<InstanceDesc> entries = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      entries.add(entry(chance, i, tokens, zones));
    }
    return RingDesc.of(entries);
  }

  static RingOptions options(int replicas, ReplicationStrategy strategy) {
    return new RingOptions("bench", replicas, true, Duration.ofMinutes(1), strategy, Set.of());
  }

  static List<Instance> instances(RingDesc desc) {
    Health well = new Health(true, Optional.empty(), NOW, "");
    return desc.instances().stream()
        .map(entry -> new Instance(entry, entry.tokens(), well, NOW, false))
        .toList();
  }

  static Ring ring(RingDesc desc, RingOptions options, UnaryOperator<Instance> change) {
    return Ring.of(options, "0", NOW, instances(desc).stream().map(change).toList());
  }

  static Instance sick(Instance one) {
    return new Instance(
        one.desc(),
        one.owned(),
        new Health(false, Optional.of(Health.Reason.HEARTBEAT), NOW, "bench"),
        NOW,
        false);
  }

  static Instance in(Instance one, InstanceState state) {
    return new Instance(one.desc().withState(state), one.owned(), one.health(), NOW, false);
  }
}
