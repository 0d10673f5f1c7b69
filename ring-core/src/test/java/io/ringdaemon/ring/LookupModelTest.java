package io.ringdaemon.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast lookups against the slow and plainly right one, on rings of every kind. */
class LookupModelTest {
  private static final int RINGS_A_SEED = 100;
  private static final int KEYS_A_RING = 20;

  static LongStream seeds() {
    return LongStream.range(0, 50); // 50 x 100 rings x 20 keys = 100,000 cases
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyLookupIsTheSlowOnes(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    Owners owners = new Owners();
    for (int i = 0; i < RINGS_A_SEED; i++) {
      RingOptions options = RandomRings.options(chance);
      List<Instance> instances = RandomRings.instances(chance);
      Ring ring = Ring.of(options, "0", Instant.EPOCH, instances);
      SlowRing slow = new SlowRing(options, instances);
      for (int j = 0; j < KEYS_A_RING; j++) {
        int key = RandomRings.key(chance, ring);
        Operation operation = RandomRings.operation(chance);
        int replicas =
            options.strategy().expands() ? chance.nextInt(11) : options.replicationFactor();
        String expected = slow.answer(key, operation, replicas);
        assertThat(asSet(ring, key, operation, replicas))
            .as("seed %d ring %d key %d %s %s", seed, i, key, operation, options)
            .isEqualTo(expected);
        expected = slow.answer(key, operation, options.replicationFactor());
        assertThat(asOrdinals(ring, key, operation, owners)).isEqualTo(summary(expected));
        String packed = asPacked(ring, key, operation);
        if (!packed.equals("none")) {
          assertThat(packed).isEqualTo(expected);
        }
      }
    }
  }

  private static String asSet(Ring ring, int key, Operation operation, int replicas) {
    try {
      ReplicationSet set = ring.owners(key, operation, replicas);
      return set.instances().stream().map(Instance::id).toList() + " " + set.maxErrors();
    } catch (EmptyRing empty) {
      return "empty";
    } catch (TooFewHealthyInstances few) {
      return "needed %d found %d unfit %s".formatted(few.needed(), few.found(), few.unhealthy());
    }
  }

  /** Without a quorum the answer into {@link Owners} does not name those that are unfit. */
  private static String summary(String expected) {
    int unfit = expected.indexOf(" unfit ");
    return unfit < 0 ? expected : expected.substring(0, unfit);
  }

  private static String asOrdinals(Ring ring, int key, Operation operation, Owners owners) {
    try {
      int count = ring.owners(key, operation, owners);
      if (!owners.quorum()) {
        return "needed %d found %d".formatted(owners.needed(), count);
      }
      return IntStream.range(0, count)
              .mapToObj(i -> ring.instances().get(owners.ordinal(i)).id())
              .toList()
          + " "
          + owners.maxErrors();
    } catch (EmptyRing empty) {
      return "empty";
    }
  }

  private static String asPacked(Ring ring, int key, Operation operation) {
    try {
      long packed = ring.ownersPacked(key, operation);
      if (packed == PackedOwners.NONE) {
        return "none";
      }
      return IntStream.range(0, PackedOwners.count(packed))
              .mapToObj(i -> ring.instances().get(PackedOwners.ordinal(packed, i)).id())
              .toList()
          + " "
          + PackedOwners.maxErrors(packed);
    } catch (EmptyRing empty) {
      return "empty";
    }
  }
}
