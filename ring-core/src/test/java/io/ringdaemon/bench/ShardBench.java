package io.ringdaemon.bench;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.shard.GoRandom;
import io.ringdaemon.shard.Lookback;
import io.ringdaemon.shard.ShuffleShard;
import io.ringdaemon.shard.SubringCache;
import io.ringdaemon.token.SpreadMinimizingTokens;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What does a tenant's shard cost: 100 of 1,000 instances with 512 tokens in three zones? Goals
 * (issue 4): uncached under 50 µs, cached under 0.2 µs, with lookback uncached under 200 µs. The
 * same of dskit: {@code cd scripts/vectors && go run . -bench}.
 *
 * <p>Run from the root after {@code mvn -q -pl proto,ring-core test-compile}: {@code java -cp
 * ring-core/target/classes:ring-core/target/test-classes:...HdrHistogram.jar
 * io.ringdaemon.bench.ShardBench}.
 */
final class ShardBench {
  private static final long NOW = 1_700_000_000;
  private static final int INSTANCES = 1000;

  private ShardBench() {}

  public static void main(String... args) {
    Ring ring = ring(instances());
    String[] tenants =
        Stream.iterate(0, i -> i + 1).limit(1024).map(i -> "tenant-" + i).toArray(String[]::new);
    Lookback hour = new Lookback(Duration.ofHours(1), Instant.ofEpochSecond(NOW));
    ShuffleShard shuffle = ShuffleShard.of(ring);
    SubringCache cache = new SubringCache(1L << 30);

    Batches.header();
    Batches.time("34 draws of a seeded GoRandom", 100, ShardBench::draws);
    Batches.time("shard 100, uncached", 10, i -> shuffle.pick(tenants[i & 1023], 100));
    Batches.time(
        "shard 100, uncached, view not seen before", 1, i -> ShuffleShard.of(ring).pick("t", 100));
    Batches.time(
        "shard 100 with lookback, a tenth came lately, uncached",
        10,
        i -> shuffle.pick(tenants[i & 1023], 100, hour));
    Batches.time("shard 100, cached, one tenant", 1000, i -> cache.shard(ring, "tenant", 100));
    Batches.time(
        "shard 100, cached, 1,024 tenants", 1000, i -> cache.shard(ring, tenants[i & 1023], 100));
    Batches.time(
        "shard 100 with lookback, cached, 1,024 tenants",
        1000,
        i -> cache.shard(ring, tenants[i & 1023], 100, hour));
    Ring[] beaten = beaten(ring);
    Batches.time(
        "shard 100, cached, after one heartbeat",
        1,
        i -> cache.shard(beaten[i & 63], "tenant", 100));
    Batches.time(
        "shard 100, uncached, and its first owners of a key",
        1,
        i -> shuffle.pick(tenants[i & 1023], 100).owners(i * 0x9E3779B9, Operation.READ));
    Batches.time(
        "spread-minimizing tokens of ordinal 1,000",
        1,
        i -> new SpreadMinimizingTokens(1000, 0).all());
  }

  private static Object draws(int seed) {
    GoRandom random = new GoRandom(seed);
    int sum = 0;
    for (int i = 0; i < 34; i++) {
      sum += random.nextUint32();
    }
    return sum;
  }

  private static Ring ring(List<Instance> instances) {
    return Ring.of(
        new RingOptions("bench", 3, true, Duration.ofMinutes(1)), "0", Instant.EPOCH, instances);
  }

  private static List<Instance> instances() {
    SplittableRandom random = new SplittableRandom(1);
    List<Instance> instances = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      String id = String.format("i-%04d", i);
      InstanceDesc desc =
          InstanceDesc.of(id, id + ":80", "zone-" + i % 3)
              .withState(InstanceState.ACTIVE)
              .withTimestamp(NOW, 0)
              .withRegistered(i % 10 == 0 ? NOW - 60 : NOW - 100_000)
              .withTokens(Tokens.of(random.longs(512, 0, 1L << 32).toArray()));
      instances.add(well(desc));
    }
    return instances;
  }

  private static Instance well(InstanceDesc desc) {
    return new Instance(
        desc,
        desc.tokens(),
        new Health(true, Optional.empty(), Instant.EPOCH, ""),
        Instant.EPOCH,
        false);
  }

  /** Views that each differ from the one before by a heartbeat. */
  private static Ring[] beaten(Ring ring) {
    Ring[] views = new Ring[64];
    List<Instance> instances = new ArrayList<>(ring.instances());
    for (int i = 0; i < views.length; i++) {
      int at = i * 7;
      instances.set(at, well(instances.get(at).desc().withTimestamp(NOW + i + 1, 0)));
      views[i] = ring(instances);
    }
    return views;
  }
}
