package io.ringdaemon.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rings at the limits of what tables can hold, and past them. */
class BoundsTest {
  private static final Health WELL = new Health(true, Optional.empty(), Instant.EPOCH, "");

  private static List<Instance> instances(int count, IntFunction<Tokens> tokens, int leaving) {
    List<Instance> instances = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      InstanceDesc desc =
          InstanceDesc.of("i-%06d".formatted(i), "", "zone-" + i % 3)
              .withState(i == leaving ? InstanceState.LEAVING : InstanceState.ACTIVE)
              .withTokens(tokens.apply(i))
              .withTimestamp(1, 0);
      instances.add(new Instance(desc, desc.tokens(), WELL, Instant.EPOCH, false));
    }
    return instances;
  }

  private static RingOptions options(int replicas) {
    return new RingOptions(
        "r", replicas, true, Duration.ofMinutes(1), ReplicationStrategy.DEFAULT, Set.of());
  }

  private static void compare(List<Instance> instances, int keys) {
    Ring ring = Ring.of(options(3), "0", Instant.EPOCH, instances);
    SlowRing slow = new SlowRing(options(3), instances);
    SplittableRandom chance = new SplittableRandom(1);
    for (int i = 0; i < keys; i++) {
      int key = RandomRings.key(chance, ring);
      ReplicationSet set = ring.owners(key, Operation.WRITE);
      String answer = set.instances().stream().map(Instance::id).toList() + " " + set.maxErrors();
      assertThat(answer).isEqualTo(slow.answer(key, Operation.WRITE, 3));
    }
  }

  @Test
  void moreInstancesThanSixteenBitsCanTellApartHaveTheSameAnswersAnotherWay() {
    SplittableRandom chance = new SplittableRandom(5);
    for (int count : new int[] {65_534, 65_535, 65_536}) {
      List<Instance> instances =
          instances(count, i -> Tokens.of(chance.nextLong(1L << 32)), count - 1);
      Ring ring = Ring.of(options(3), "0", Instant.EPOCH, instances);
      boolean packed = ring.ownersPacked(7, Operation.READ) != PackedOwners.NONE;
      assertThat(packed).as("%d instances", count).isEqualTo(count <= 65_534);
      compare(instances, 5);
    }
  }

  @Test
  void crowdedTokensAreFoundAllTheSame() {
    // all of them in the last 4,000 places of the circle: one bucket
    compare(
        instances(30, i -> Tokens.ofInts(IntStream.range(0, 100).map(t -> -1 - t * 31 - i)), 4),
        500);
    // by counting
    compare(
        instances(30, i -> Tokens.ofInts(IntStream.range(0, 100).map(t -> t * 30 + i)), 4), 500);
  }

  @Test
  void theEndsOfTheCircleBelongToTheTokensThere() {
    Ring ring =
        Ring.of(
            options(1),
            "0",
            Instant.EPOCH,
            instances(2, i -> Tokens.ofInts(IntStream.of(i == 0 ? 0 : -1)), -1));
    assertThat(PackedOwners.ordinal(ring.ownersPacked(-1, Operation.READ), 0)).isZero();
    assertThat(PackedOwners.ordinal(ring.ownersPacked(-2, Operation.READ), 0)).isEqualTo(1);
    assertThat(PackedOwners.ordinal(ring.ownersPacked(0, Operation.READ), 0)).isEqualTo(1);
  }

  @Test
  void aReplicationFactorAboveTheInstancesIsAQuorumOrATypedError() {
    List<Instance> two = instances(2, i -> Tokens.of(i * 100L), -1);
    Ring ring = Ring.of(options(3), "0", Instant.EPOCH, two);
    assertThat(PackedOwners.count(ring.ownersPacked(1, Operation.READ))).isEqualTo(2);
    assertThat(PackedOwners.maxErrors(ring.ownersPacked(1, Operation.READ))).isZero();
    Ring five = Ring.of(options(5), "0", Instant.EPOCH, two);
    assertThat(five.ownersPacked(1, Operation.READ)).isEqualTo(PackedOwners.NONE);
    Owners owners = new Owners();
    assertThat(five.owners(1, Operation.READ, owners)).isEqualTo(2);
    assertThat(owners.needed()).isEqualTo(3);
    assertThat(owners.quorum()).isFalse();
    assertThat(owners.maxErrors()).isNegative();
  }
}
