package io.ringdaemon.shard;

import static io.ringdaemon.shard.Shards.ids;
import static io.ringdaemon.shard.Shards.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.ReadOnly;
import io.ringdaemon.ring.EmptyRing;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors and rules of reference/ring-semantics.md 5.7. */
class ShuffleShardTest {
  private static final Lookback HOUR =
      new Lookback(Duration.ofHours(1), Instant.ofEpochMilli(10_000_500));

  @ParameterizedTest
  @CsvSource({"tenant-a, 5 4 0 1", "tenant-b, 0 5 1 3", "tenant-1, 3 4 1 5"})
  void withoutZonesEachSizeAddsTheNextInstance(String tenant, String order) {
    ShuffleShard shuffle = ShuffleShard.of(Shards.six());
    List<String> picked = List.of(order.split(" ", -1));
    for (int size = 1; size <= 4; size++) {
      assertThat(ids(shuffle.pick(tenant, size)).split(" "))
          .containsExactlyInAnyOrderElementsOf(picked.subList(0, size));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tenant-a, 3, 1 3 5",
    "tenant-a, 6, 1 3 5 6 7 8",
    "tenant-b, 3, 1 2 6",
    "tenant-b, 6, 0 1 2 4 5 6"
  })
  void eachZoneGivesItsPart(String tenant, int size, String expected) {
    assertThat(ids(ShuffleShard.of(Shards.nine()).pick(tenant, size))).isEqualTo(expected);
  }

  @Test
  void sizeThatZonesDoNotDivideIsRoundedUp() {
    ShuffleShard shuffle = ShuffleShard.of(Shards.nine());
    assertThat(ids(shuffle.pick("tenant-a", 4))).isEqualTo(ids(shuffle.pick("tenant-a", 6)));
    assertThat(ids(shuffle.pick("tenant-a", Integer.MAX_VALUE))).isEqualTo("0 1 2 3 4 5 6 7 8");
  }

  @Test
  void sizeZeroIsTheRingItselfUnlessSomeAreReadOnly() {
    Ring ring = Shards.six();
    assertThat(ShuffleShard.of(ring).pick("tenant-a", 0)).isSameAs(ring);
    Ring changed = with(ring, "4", entry -> entry.withReadOnly(new ReadOnly(true, 9000)));
    assertThat(ids(ShuffleShard.of(changed).pick("tenant-a", -1))).isEqualTo("0 1 2 3 5");
  }

  @Test
  void readOnlyInstanceIsReplacedByTheNextOne() {
    Ring ring = with(Shards.six(), "4", entry -> entry.withReadOnly(new ReadOnly(true, 9000)));
    assertThat(ids(ShuffleShard.of(ring).pick("tenant-a", 2))).isEqualTo("0 5");
  }

  @Test
  void windowThatBeganBeforeEveryoneCameHoldsTheWholeRing() {
    Ring ring =
        Shards.ring(
            Shards.six().instances().stream().map(i -> i.desc().withRegistered(6400)).toList(),
            false);
    assertThat(ShuffleShard.of(ring).pick("tenant-a", 1, HOUR)).isSameAs(ring);
    Ring unknown = with(ring, "3", entry -> entry.withRegistered(0));
    assertThat(ShuffleShard.of(unknown).pick("tenant-a", 1, HOUR)).isNotSameAs(unknown);
  }

  @Test
  void instanceThatCameWithinTheWindowIsThereBesideItsPredecessor() {
    ShuffleShard since = ShuffleShard.of(with(Shards.six(), "5", e -> e.withRegistered(6400)));
    assertThat(ids(since.pick("tenant-a", 1, HOUR)).split(" ")).hasSize(2).contains("5");
    ShuffleShard before = ShuffleShard.of(with(Shards.six(), "5", e -> e.withRegistered(6399)));
    assertThat(ids(before.pick("tenant-a", 1, HOUR))).isEqualTo("5");
  }

  @Test
  void instanceThatIsReadOnlySinceBeforeTheWindowIsLeftOut() {
    assertThat(shardOfOneWith(new ReadOnly(true, 6399))).doesNotContain("5").hasSize(1);
    assertThat(shardOfOneWith(new ReadOnly(true, 6400))).contains("5").hasSize(2);
    assertThat(shardOfOneWith(new ReadOnly(true, 0))).contains("5").hasSize(2);
    assertThat(shardOfOneWith(new ReadOnly(false, 6400))).contains("5").hasSize(2);
    assertThat(shardOfOneWith(new ReadOnly(false, 6399))).containsExactly("5");
  }

  private static Set<String> shardOfOneWith(ReadOnly readOnly) {
    Ring ring = with(Shards.six(), "5", entry -> entry.withReadOnly(readOnly));
    return Set.of(ids(ShuffleShard.of(ring).pick("tenant-a", 1, HOUR)).split(" "));
  }

  @Test
  void sizeZeroWithLookbackLeavesOutTheLongReadOnly() {
    Ring late = with(Shards.six(), "5", entry -> entry.withReadOnly(new ReadOnly(true, 6400)));
    assertThat(ShuffleShard.of(late).pick("tenant-a", 0, HOUR)).isSameAs(late);
    Ring early = with(Shards.six(), "5", entry -> entry.withReadOnly(new ReadOnly(true, 6399)));
    assertThat(ids(ShuffleShard.of(early).pick("tenant-a", 0, HOUR))).isEqualTo("0 1 2 3 4");
  }

  @Test
  void subringAnswersLookupsFromItsMembersAlone() {
    Ring shard = ShuffleShard.of(Shards.six()).pick("tenant-a", 3);
    assertThat(shard.owners(7, Operation.READ).instances())
        .extracting(Instance::id)
        .containsExactlyInAnyOrder("0", "4", "5");
    assertThat(shard.tokenCount()).isEqualTo(12);
    assertThat(shard.options()).isEqualTo(Shards.six().options());
  }

  @Test
  void ringWithoutTokensOrInstancesHasEmptyShards() {
    Ring empty = Shards.ring(List.of(), true);
    assertThat(ShuffleShard.of(empty).pick("tenant-a", 3).instances()).isEmpty();
    Ring tokenless = Shards.ring(List.of(Shards.desc(0, ""), Shards.desc(1, "")), false);
    Ring shard = ShuffleShard.of(tokenless).pick("tenant-a", 1);
    assertThat(shard.instances()).isEmpty();
    assertThatThrownBy(() -> shard.owners(1, Operation.READ)).isInstanceOf(EmptyRing.class);
  }

  @Test
  void periodMustBePositive() {
    assertThatThrownBy(() -> new Lookback(Duration.ZERO, Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }

  @Test
  void oneInstanceMoreChangesAtMostOneMemberOfEachZone() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 300; round++) {
      List<InstanceDesc> descs = new ArrayList<>(randomDescs(random, 40));
      Ring all = Shards.ring(descs, true);
      descs.remove(random.nextInt(descs.size()));
      Ring fewer = Shards.ring(descs, true);
      String tenant = "t" + random.nextInt();
      int size = 3 * (1 + random.nextInt(8));
      Set<String> lost =
          new HashSet<>(List.of(ids(ShuffleShard.of(all).pick(tenant, size)).split(" ")));
      lost.removeAll(List.of(ids(ShuffleShard.of(fewer).pick(tenant, size)).split(" ")));
      assertThat(lost).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void shardWithLookbackHoldsEveryShardOfTheWindow() {
    SplittableRandom random = new SplittableRandom(12);
    for (int round = 0; round < 300; round++) {
      List<InstanceDesc> descs = randomDescs(random, 20);
      Set<String> everIn = new HashSet<>();
      long now = 10_000;
      for (int event = 0; event < 8; event++) {
        descs = changedAt(descs, now + event * 10L, random);
        everIn.addAll(
            Arrays.asList(ids(ShuffleShard.of(Shards.ring(descs, true)).pick("t", 6)).split(" ")));
      }
      Lookback window = new Lookback(Duration.ofSeconds(100), Instant.ofEpochSecond(now + 90));
      Set<String> present = new HashSet<>();
      descs.forEach(desc -> present.add(desc.id()));
      everIn.retainAll(present);
      assertThat(ids(ShuffleShard.of(Shards.ring(descs, true)).pick("t", 6, window)).split(" "))
          .containsAll(everIn);
    }
  }

  private static List<InstanceDesc> randomDescs(SplittableRandom random, int count) {
    List<InstanceDesc> descs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      descs.add(randomDesc(i, random).withRegistered(1000));
    }
    return descs;
  }

  private static InstanceDesc randomDesc(int number, SplittableRandom random) {
    return Shards.desc(number, "zone-" + number % 3, random.longs(8, 0, 1L << 32).toArray());
  }

  private static List<InstanceDesc> changedAt(
      List<InstanceDesc> descs, long now, SplittableRandom random) {
    List<InstanceDesc> changed = new ArrayList<>(descs);
    if (random.nextBoolean()) {
      int number = 100 + random.nextInt(1_000_000);
      changed.add(randomDesc(number, random).withRegistered(now));
    } else {
      int at = random.nextInt(changed.size());
      InstanceDesc desc = changed.get(at);
      changed.set(at, desc.withReadOnly(new ReadOnly(!desc.readOnly().on(), now)));
    }
    return changed;
  }
}
