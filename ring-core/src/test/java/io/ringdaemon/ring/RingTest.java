package io.ringdaemon.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lookups: reference/ring-semantics.md 5.2 to 5.4. */
class RingTest {
  private static List<String> ids(ReplicationSet set) {
    return set.instances().stream().map(Instance::id).toList();
  }

  @ParameterizedTest
  @CsvSource({"0,a", "3,b", "4,b", "5,a", "7,a", "-1,a"})
  void aKeyBelongsToTheFirstTokenStrictlyAboveItWrappingPastTheEnd(int key, String owner) {
    Ring ring = Rings.of("a:ACTIVE:3 b:ACTIVE:5", 1, false);
    assertThat(ids(ring.owners(key, Operation.READ))).containsExactly(owner);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A:ACTIVE:10 B:ACTIVE:20 C:ACTIVE:30 D:ACTIVE:40 | write | B C D | 1",
        "A:ACTIVE:10 B:ACTIVE:20 C:LEAVING:30 D:ACTIVE:40 | write | B D A | 0",
        "A:ACTIVE:10 B:ACTIVE:20 C:LEAVING:30 D:ACTIVE:40 | read | B C D | 1",
        "A:ACTIVE:10 B:ACTIVE:20 C:PENDING:30 D:ACTIVE:40 | read | B C D A | 1",
        "A:ACTIVE:10 B:ACTIVE:20 C:ACTIVE!:30 D:ACTIVE:40 | write | B D | 0",
        "A:ACTIVE:10 B:ACTIVE:20 C:LEAVING:30 D:ACTIVE:40 | write-no-extend | B D | 0",
      })
  void theReplicationSetIsDskits(String text, String operation, String owners, int maxErrors) {
    ReplicationSet set =
        Rings.of(text, 3, false).owners(10, Operation.named(operation).orElseThrow());
    assertThat(String.join(" ", ids(set))).isEqualTo(owners);
    assertThat(set.maxErrors()).isEqualTo(maxErrors);
    assertThat(set.minSuccess()).isEqualTo(set.instances().size() - maxErrors);
  }

  @Test
  void lessThanAQuorumOfHealthyOwnersIsAnErrorThatNamesTheOthers() {
    Ring ring = Rings.of("A:ACTIVE:10 B:ACTIVE!:20 C:ACTIVE!:30 D:ACTIVE:40", 3, false);
    assertThatThrownBy(() -> ring.owners(10, Operation.WRITE))
        .isInstanceOfSatisfying(
            TooFewHealthyInstances.class,
            error -> {
              assertThat(error.needed()).isEqualTo(2);
              assertThat(error.found()).isEqualTo(1);
              assertThat(error.unhealthy()).containsExactly("B", "C");
            });
  }

  @Test
  void aRingWithoutTokensIsEmpty() {
    Ring ring = Rings.of("A:PENDING:", 3, false);
    assertThatThrownBy(() -> ring.owners(10, Operation.READ)).isInstanceOf(EmptyRing.class);
  }

  @Test
  void withZonesEachReplicaIsInAnotherAndAReplacementStaysInItsZone() {
    Ring ring =
        Rings.of(
            "a1@a:LEAVING:10 a2@a:ACTIVE:20 b1@b:ACTIVE:30 a3@a:ACTIVE:40 c1@c:ACTIVE:50", 3, true);
    assertThat(ids(ring.owners(5, Operation.READ))).containsExactly("a1", "b1", "c1");
    assertThat(ids(ring.owners(5, Operation.WRITE))).containsExactly("a2", "b1", "c1");
  }

  @Test
  void theFirstOwnerIsAlwaysTheOneAPlainTreeMapFinds() {
    SplittableRandom chance = new SplittableRandom(7);
    StringBuilder text = new StringBuilder();
    TreeMap<Long, String> plain = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      long[] tokens = chance.longs(30, 0, 1L << 32).distinct().toArray();
      String id = "i-%02d".formatted(i);
      StringBuilder list = new StringBuilder();
      for (long token : tokens) {
        if (plain.putIfAbsent(token, id) == null) {
          list.append(list.isEmpty() ? "" : ",").append(token);
        }
      }
      text.append(i == 0 ? "" : " ").append(id).append(":ACTIVE:").append(list);
    }
    Ring ring = Rings.of(text.toString(), 1, false);
    for (int i = 0; i < 20_000; i++) {
      long key = chance.nextLong(1L << 32);
      var above = plain.higherEntry(key);
      String owner = above == null ? plain.firstEntry().getValue() : above.getValue();
      assertThat(ids(ring.owners((int) key, Operation.READ))).containsExactly(owner);
    }
  }

  @Test
  void ownershipIsTheDistanceFromTheTokenBefore() {
    double[] shares = Rings.of("A:ACTIVE:100,300 B:ACTIVE:200", 1, false).shares();
    assertThat(shares[0] * 4294967296.0).isEqualTo(4294967196.0);
    assertThat(shares[1] * 4294967296.0).isEqualTo(100.0);
    assertThat(Rings.of("A:ACTIVE:7", 1, false).shares()).containsExactly(1.0);
  }

  @Test
  void theLowestTokenOwnerIsTheFirstActiveOneAboveZero() {
    assertThat(Rings.of("A:ACTIVE:0 B:LEAVING:5 C:ACTIVE!:9", 1, false).lowestTokenOwner())
        .map(Instance::id)
        .hasValue("C");
  }
}
