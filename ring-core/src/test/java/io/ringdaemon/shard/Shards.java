package io.ringdaemon.shard;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** The rings of reference/ring-semantics.md 5.7, and how to change one. */
final class Shards {
  private Shards() {}

  /** Six instances 0..5 without zones. */
  static Ring six() {
    List<InstanceDesc> descs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int at = i;
      descs.add(
          desc(i, "", LongStream.range(0, 4).map(k -> (k * 6 + at) * 178956970 + 1).toArray()));
    }
    return ring(descs, false);
  }

  /** Nine instances 0..8, in zones a, b, c by turns. */
  static Ring nine() {
    List<InstanceDesc> descs = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      int at = i;
      descs.add(
          desc(
              i,
              "zone-" + "abc".charAt(i % 3),
              LongStream.range(0, 4).map(k -> (k * 9 + at) * 119304647 + 1).toArray()));
    }
    return ring(descs, true);
  }

  /** {@code ring} with the entry of {@code id} changed. */
  static Ring with(Ring ring, String id, UnaryOperator<InstanceDesc> change) {
    return ring(
        ring.instances().stream()
            .map(Instance::desc)
            .map(desc -> desc.id().equals(id) ? change.apply(desc) : desc)
            .toList(),
        ring.options().zoneAware());
  }

  static Ring ring(List<InstanceDesc> descs, boolean zoneAware) {
    return Ring.of(
        new RingOptions("test", 3, zoneAware, Duration.ofMinutes(1)),
        "0",
        Instant.EPOCH,
        descs.stream().sorted(Comparator.comparing(InstanceDesc::id)).map(Shards::well).toList());
  }

  static InstanceDesc desc(int number, String zone, long... tokens) {
    return InstanceDesc.of("" + number, number + ":80", zone)
        .withState(InstanceState.ACTIVE)
        .withRegistered(1000)
        .withTimestamp(5000, 0)
        .withTokens(Tokens.of(tokens));
  }

  static String ids(Ring ring) {
    return String.join(" ", ring.instances().stream().map(Instance::id).toList());
  }

  private static Instance well(InstanceDesc desc) {
    return new Instance(
        desc,
        desc.tokens(),
        new Health(true, Optional.empty(), Instant.EPOCH, ""),
        Instant.EPOCH,
        false);
  }
}
