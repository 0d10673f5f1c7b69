package io.ringdaemon.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.model.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads of the whole ring: reference/ring-semantics.md 5.5 and 5.6. */
class WholeRingTest {
  private static final String THREE_ZONES =
      "a1@a:ACTIVE:1 a2@a:ACTIVE:2 b1@b:ACTIVE:3 b2@b:ACTIVE:4 c1@c:ACTIVE:5 c2@c:ACTIVE:6";

  private static String ids(ReplicationSet set) {
    return String.join(" ", set.instances().stream().map(Instance::id).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a1 a2 b1 b2 c1 c2 | 1",
        "b2 | a1 a2 c1 c2 | 0",
      })
  void aZoneWithOneInstanceUnfitIsLeftOutWhole(String sick, String kept, int maxUnavailable) {
    ReplicationSet set =
        Rings.of(sickened(sick), 3, true).replicationSetForOperation(Operation.READ);
    assertThat(ids(set)).isEqualTo(kept);
    assertThat(set.maxUnavailableZones()).isEqualTo(maxUnavailable);
    assertThat(set.zoneAware()).isTrue();
    assertThat(set.maxErrors()).isZero();
  }

  private static String sickened(String id) {
    return id.isEmpty()
        ? THREE_ZONES
        : THREE_ZONES.replaceFirst(id + "@(.):ACTIVE", id + "@$1:ACTIVE!");
  }

  @Test
  void moreZonesUnfitThanMayBeAreAnErrorThatNamesTheInstances() {
    Ring ring = Rings.of(sickened("b2").replace("c1@c:ACTIVE", "c1@c:LEAVING"), 3, true);
    assertThat(ids(ring.replicationSetForOperation(Operation.READ))).isEqualTo("a1 a2 c1 c2");
    assertThatThrownBy(() -> ring.replicationSetForOperation(Operation.WRITE))
        .isInstanceOfSatisfying(
            TooFewHealthyInstances.class,
            few -> {
              assertThat(few.needed()).isEqualTo(2);
              assertThat(few.found()).isEqualTo(1);
              assertThat(few.unhealthy()).containsExactly("b2", "c1");
            })
        .hasMessageContaining("zones");
  }

  @Test
  void withoutZonesAllButHalfTheReplicasMustBeFit() {
    ReplicationSet set =
        Rings.of(sickened("b2"), 3, true).replicationSetWithoutZoneAwareness(Operation.READ);
    assertThat(ids(set)).isEqualTo("a1 a2 b1 c1 c2");
    assertThat(set.maxErrors()).isZero();
    assertThat(
            Rings.of(THREE_ZONES, 3, false).replicationSetForOperation(Operation.READ).maxErrors())
        .isEqualTo(1);
    Ring two = Rings.of("a:ACTIVE:1 b:ACTIVE!:2", 3, false);
    assertThatThrownBy(() -> two.replicationSetForOperation(Operation.READ))
        .isInstanceOfSatisfying(
            TooFewHealthyInstances.class,
            few -> {
              assertThat(few.needed()).isEqualTo(2);
              assertThat(few.found()).isEqualTo(1);
            });
  }

  @Test
  void everyHealthyInstanceCountsAlsoWithoutTokens() {
    Ring ring = Rings.of("a:ACTIVE: b:ACTIVE!: c:JOINING:", 3, false);
    assertThat(ids(ring.allHealthy(Operation.REPORTING))).isEqualTo("a c");
    assertThat(ring.allHealthy(Operation.WRITE).maxErrors()).isZero();
    assertThatThrownBy(() -> ring.replicationSetForOperation(Operation.READ))
        .isInstanceOf(EmptyRing.class);
    Ring nobody = Ring.of(ring.options(), "0", Instant.EPOCH, List.of());
    assertThatThrownBy(() -> nobody.allHealthy(Operation.READ)).isInstanceOf(EmptyRing.class);
    assertThatThrownBy(() -> nobody.ownersPacked(1, Operation.READ)).isInstanceOf(EmptyRing.class);
    assertThat(nobody.shares()).isEmpty();
    assertThat(nobody.ownership()).isEmpty();
  }

  @Test
  void anUnknownStateServesNothing() {
    Ring ring = Rings.of("a:ACTIVE:1 b:UNKNOWN:2", 1, false);
    assertThat(ids(ring.allHealthy(Operation.REPORTING))).isEqualTo("a");
    assertThatThrownBy(() -> ring.owners(1, Operation.REPORTING))
        .isInstanceOf(TooFewHealthyInstances.class);
  }

  @Test
  void instancesAreFoundByIdAndCounted() {
    Ring ring = Rings.of("a1@a:ACTIVE:1 a2@a:LEAVING: b1@b:ACTIVE:3", 3, true);
    assertThat(ring.hasInstance("a2")).isTrue();
    assertThat(ring.hasInstance("a3")).isFalse();
    assertThat(ring.instance("b1").orElseThrow().zone()).isEqualTo("b");
    assertThat(ring.ordinal("b1")).isEqualTo(2);
    assertThatThrownBy(() -> ring.ordinal("x"))
        .isInstanceOfSatisfying(
            UnknownInstance.class, error -> assertThat(error.id()).isEqualTo("x"));
    assertThat(ring.instanceCount()).isEqualTo(3);
    assertThat(ring.countWithTokens()).isEqualTo(2);
    assertThat(ring.countInZone("a")).isEqualTo(2);
    assertThat(ring.countIn(InstanceState.LEAVING)).isEqualTo(1);
    assertThat(ring.countWritable()).isEqualTo(2);
    assertThat(ring.countWritableInZone("a")).isEqualTo(1);
    assertThat(ring.zones()).containsExactly("a", "b");
  }

  @Test
  void ownershipCountsEachZoneAsACircle() {
    assertThat(Rings.of("A@z:ACTIVE:100,300 B@z:ACTIVE:200", 1, true).ownership())
        .containsExactly(4294967196L, 100L);
    assertThat(Rings.of("A@x:ACTIVE:100,300 B@y:ACTIVE:200 C@x:PENDING:", 2, true).ownership())
        .containsExactly(1L << 32, 1L << 32, 0L);
  }

  @Test
  void tokenRangesAreThoseOfTheInstancesZone() {
    Ring ring = Rings.of("A@x:ACTIVE:25,75 B@x:ACTIVE:10,50,100 C@y:ACTIVE:60", 2, true);
    assertThat(ring.tokenRanges("A"))
        .hasToString("[Range[start=10, end=24], Range[start=50, end=74]]");
    assertThat(ring.tokenRanges("C").keys()).isEqualTo(1L << 32);
    assertThatThrownBy(() -> ring.tokenRanges("D")).isInstanceOf(UnknownInstance.class);
    assertThatThrownBy(() -> Rings.of("A@x:ACTIVE:1", 2, true).tokenRanges("A"))
        .isInstanceOf(NoTokenRanges.class)
        .hasMessageContaining("2 replicas, but 1 zones");
    assertThatThrownBy(() -> Rings.of("A@x:ACTIVE:1", 1, false).tokenRanges("A"))
        .isInstanceOf(NoTokenRanges.class);
    assertThatThrownBy(() -> Rings.of("A:ACTIVE:1", 1, true).tokenRanges("A"))
        .isInstanceOf(NoTokenRanges.class)
        .hasMessageContaining("instance A has no zone");
  }

  @Test
  void instancesOfExcludedZonesAreNotThere() {
    Ring all = Rings.of(THREE_ZONES, 2, true);
    RingOptions options =
        new RingOptions(
            "test", 2, true, Duration.ofMinutes(1), ReplicationStrategy.DEFAULT, Set.of("b"));
    Ring ring = Ring.of(options, "0", Instant.EPOCH, all.instances());
    assertThat(ring.zones()).containsExactly("a", "c");
    assertThat(ids(ring.owners(2, Operation.READ))).isEqualTo("c1 a1");
  }

  @Test
  void moreReplicasThanConfiguredNeedAStrategyThatExpands() {
    Ring ring = Rings.of(THREE_ZONES, 3, true);
    assertThat(ids(ring.owners(1, Operation.READ, 1))).isEqualTo("a2 b1 c1");
    assertThatThrownBy(() -> ring.owners(1, Operation.READ, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6 replicas");
    RingOptions options =
        new RingOptions(
            "test", 3, true, Duration.ofMinutes(1), ReplicationStrategy.IGNORE_UNHEALTHY, Set.of());
    ReplicationSet set =
        Ring.of(options, "0", Instant.EPOCH, ring.instances()).owners(1, Operation.READ, 6);
    assertThat(ids(set)).isEqualTo("a2 b1 b2 c1 c2 a1");
    assertThat(set.maxErrors()).isEqualTo(5);
  }
}
