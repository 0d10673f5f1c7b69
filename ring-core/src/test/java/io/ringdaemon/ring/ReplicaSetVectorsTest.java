package io.ringdaemon.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.token.TokenRanges;
import io.ringdaemon.vectors.Vectors;
import io.ringdaemon.vectors.Vectors.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What dskit answered about random rings (src/test/resources/vectors), and what we do. */
class ReplicaSetVectorsTest {
  static Stream<Vectors.Case> cases() {
    return Vectors.cases("replica-sets.txt", "ring").stream();
  }

  static Stream<Vectors.Case> ignoringUnhealthy() {
    return Vectors.cases("replica-sets-ignore-unhealthy.txt", "ring").stream();
  }

  static Stream<Vectors.Case> ranges() {
    return Vectors.cases("token-ranges.txt", "ring").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void replicationSetsAreThoseOfDskit(Vectors.Case rings) {
    compare(rings, rings.ring());
  }

  @ParameterizedTest
  @MethodSource("ignoringUnhealthy")
  void soTheyAreWhenUnhealthyOnesAreIgnored(Vectors.Case rings) {
    compare(rings, rings.ring(ReplicationStrategy.IGNORE_UNHEALTHY));
  }

  private static void compare(Vectors.Case rings, Ring ring) {
    for (Line line : rings.about("owners")) {
      int key = Integer.parseUnsignedInt(line.word(0));
      same(line, () -> ring.owners(key, Vectors.operation(line.word(1))), false);
    }
    for (Line line : rings.about("whole")) {
      same(line, () -> ring.replicationSetForOperation(Vectors.operation(line.word(0))), true);
    }
    for (Line line : rings.about("healthy")) {
      same(line, () -> ring.allHealthy(Vectors.operation(line.word(0))), true);
    }
  }

  /** dskit puts the instances of whole rings in an order of chance. */
  private static void same(Line line, Supplier<ReplicationSet> ask, boolean anyOrder) {
    Optional<ReplicationSet> set = answer(ask);
    assertThat(set.isEmpty()).as("%s, found %s", line, set).isEqualTo(line.failed());
    if (set.isPresent()) {
      List<String> ids = new ArrayList<>();
      set.get().instances().forEach(instance -> ids.add(instance.id()));
      List<String> expected = new ArrayList<>(Vectors.list(line.answer().get(0)));
      if (anyOrder) {
        ids.sort(null);
        expected.sort(null);
      }
      assertThat(ids).as("%s", line).isEqualTo(expected);
      assertThat(
              List.of(
                  "" + set.get().maxErrors(),
                  "" + set.get().maxUnavailableZones(),
                  "" + set.get().zoneAware()))
          .as("%s", line)
          .isEqualTo(line.answer().subList(1, 4));
    }
  }

  private static Optional<ReplicationSet> answer(Supplier<ReplicationSet> ask) {
    try {
      return Optional.of(ask.get());
    } catch (TooFewHealthyInstances | EmptyRing none) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void tokenRangesAndOwnershipAreThoseOfDskit(Vectors.Case rings) {
    Ring ring = rings.ring();
    for (Line line : rings.about("ranges")) {
      List<String> found = new ArrayList<>();
      boolean failed = false;
      try {
        for (TokenRanges.Range range : ring.tokenRanges(line.word(0)).ranges()) {
          found.add(Long.toString(range.start()));
          found.add(Long.toString(range.end()));
        }
      } catch (NoTokenRanges none) {
        failed = true;
      }
      if (line.failed()) {
        // dskit fails too where a zone has no tokens at all: there nobody has a range
        assertThat(failed || found.isEmpty()).as("%s", line).isTrue();
      } else {
        assertThat(failed).as("%s", line).isFalse();
        assertThat(found).as("%s", line).isEqualTo(Vectors.list(line.answer().get(0)));
      }
    }
    for (Line line : rings.about("owned")) {
      assertThat(ring.ownership()[ring.ordinal(line.word(0))])
          .as("%s", line)
          .hasToString(line.answer().get(0));
    }
  }
}
