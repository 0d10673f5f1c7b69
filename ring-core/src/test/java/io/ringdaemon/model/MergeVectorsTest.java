package io.ringdaemon.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.token.Tokens;
import io.ringdaemon.vectors.Vectors;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Merges as dskit makes them, as a reader sees the result: dskit stores the tokens that an entry
 * owns, we those it claims (docs/decisions/0004).
 */
class MergeVectorsTest {
  static Stream<Vectors.Case> cases() {
    return Vectors.cases("merges.txt", "merge").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void mergedRingIsThatOfDskitOnceTokensAreResolved(Vectors.Case merge) {
    RingDesc mine = RingDesc.of(merge.entries("mine"));
    var merged = mine.merge(RingDesc.of(merge.entries("theirs")));
    assertThat(resolved(merged.value())).isEqualTo(merge.entries("merged"));
    assertThat(merged.change().map(change -> ids(change.entries())).orElse(List.of()))
        .isEqualTo(ids(merge.entries("changed")));
  }

  private static List<InstanceDesc> resolved(RingDesc ring) {
    Map<String, Tokens> owned = TokenConflicts.owned(ring.entries());
    return ring.entries().stream()
        .map(entry -> entry.withTokens(owned.getOrDefault(entry.id(), Tokens.NONE)))
        .toList();
  }

  private static List<String> ids(Collection<InstanceDesc> entries) {
    return entries.stream().map(InstanceDesc::id).toList();
  }
}
