package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.model.TokenConflicts;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Rings of every kind from a seed, and everything around them. */
final class RandomRings {
  private static final Health WELL = new Health(true, Optional.empty(), Instant.EPOCH, "");
  private static final Health ILL =
      new Health(false, Optional.of(Health.Reason.HEARTBEAT), Instant.EPOCH, "test");
  private static final InstanceState[] STATES = {
    InstanceState.ACTIVE,
    InstanceState.LEAVING,
    InstanceState.PENDING,
    InstanceState.JOINING,
    InstanceState.UNKNOWN
  };

  private RandomRings() {}

  static RingOptions options(SplittableRandom chance) {
    return new RingOptions(
        "r",
        1 + chance.nextInt(5),
        chance.nextBoolean(),
        Duration.ofMinutes(1),
        chance.nextInt(3) == 0 ? ReplicationStrategy.IGNORE_UNHEALTHY : ReplicationStrategy.DEFAULT,
        chance.nextInt(5) == 0 ? Set.of("zone-1") : Set.of());
  }

  static Operation operation(SplittableRandom chance) {
    int which = chance.nextInt(Operation.ALL.size() + 1);
    if (which < Operation.ALL.size()) {
      return Operation.ALL.get(which);
    }
    Set<InstanceState> healthy = EnumSet.noneOf(InstanceState.class);
    Set<InstanceState> extending = EnumSet.noneOf(InstanceState.class);
    for (InstanceState state : InstanceState.values()) {
      if (chance.nextBoolean()) {
        healthy.add(state);
      }
      if (chance.nextInt(3) == 0) {
        extending.add(state);
      }
    }
    return new Operation("custom", healthy, extending);
  }

  /** Up to 30 instances, by id; in half of the rings nearly all are well and ACTIVE. */
  static List<Instance> instances(SplittableRandom chance) {
    int count = chance.nextInt(4) == 0 ? chance.nextInt(4) : chance.nextInt(31);
    int zones = 1 + chance.nextInt(5);
    int trouble = new int[] {0, 3, 20, 100}[chance.nextInt(4)];
    int leavingZone = chance.nextInt(6) == 0 ? chance.nextInt(zones) : -1;
    long width = chance.nextInt(3) == 0 ? 500 + chance.nextInt(5_000) : 1L << 32;
    long from = chance.nextInt(2) == 0 ? 0 : chance.nextLong((1L << 32) - width + 1);
    boolean unzoned = chance.nextInt(4) == 0;
    List<InstanceDesc> entries = new ArrayList<>();
    Set<String> ill = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int zone = chance.nextInt(zones);
      boolean troubled = chance.nextInt(100) < trouble;
      InstanceState state = STATES[troubled ? chance.nextInt(STATES.length) : 0];
      long[] tokens =
          chance.nextInt(10) == 0
              ? new long[0]
              : LongStream.generate(() -> from + chance.nextLong(width))
                  .limit(1 + chance.nextInt(20))
                  .toArray();
      String id = "i-%03d".formatted(i);
      entries.add(
          InstanceDesc.of(id, "", unzoned && chance.nextInt(4) == 0 ? "" : "zone-" + zone)
              .withState(zone == leavingZone ? InstanceState.LEAVING : state)
              .withTokens(Tokens.of(tokens))
              .withTimestamp(1, 0));
      if (chance.nextInt(100) < trouble / 2) {
        ill.add(id);
      }
    }
    Map<String, Tokens> owned = TokenConflicts.owned(RingDesc.of(entries).entries());
    return entries.stream()
        .map(
            entry ->
                new Instance(
                    entry,
                    owned.getOrDefault(entry.id(), Tokens.NONE),
                    ill.contains(entry.id()) ? ILL : WELL,
                    Instant.EPOCH,
                    false))
        .toList();
  }

  /** A key at random, or at or beside a token. */
  static int key(SplittableRandom chance, Ring ring) {
    return ring.tokenCount() == 0 || chance.nextBoolean()
        ? chance.nextInt()
        : (int) ring.index().token(chance.nextInt(ring.tokenCount())) - 1 + chance.nextInt(3);
  }
}
