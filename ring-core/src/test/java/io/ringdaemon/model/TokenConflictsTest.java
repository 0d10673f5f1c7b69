package io.ringdaemon.model;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static io.ringdaemon.model.InstanceState.JOINING;
import static io.ringdaemon.model.InstanceState.LEAVING;
import static io.ringdaemon.model.InstanceState.PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.token.Tokens;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Owners as in the vectors M7 to M15 of reference/ring-semantics.md 3.6. */
class TokenConflictsTest {
  private static InstanceDesc entry(String id, InstanceState state, long... tokens) {
    return InstanceDesc.of(id, "", "")
        .withState(state)
        .withTokens(Tokens.of(tokens))
        .withTimestamp(100, 0);
  }

  private static void owned(Map<String, Tokens> expected, InstanceDesc... entries) {
    List<InstanceDesc> some = new java.util.ArrayList<>(List.of(entries));
    assertThat(TokenConflicts.owned(some)).isEqualTo(expected);
    Collections.reverse(some);
    assertThat(TokenConflicts.owned(some)).as("whatever the order").isEqualTo(expected);
  }

  @Test
  void theSmallerIdWins() {
    owned(
        Map.of("a", Tokens.of(10, 20), "b", Tokens.of(30)),
        entry("a", ACTIVE, 10, 20),
        entry("b", ACTIVE, 20, 30));
  }

  @Test
  void whoStaysBeatsWhoLeaves() {
    owned(
        Map.of("a", Tokens.of(10), "b", Tokens.of(20)),
        entry("a", LEAVING, 10, 20),
        entry("b", PENDING, 20));
    owned(
        Map.of("a", Tokens.of(20), "b", Tokens.NONE),
        entry("a", LEAVING, 20),
        entry("b", LEAVING, 20));
  }

  @Test
  void ofThreeClaimantsOneWins() {
    owned(
        Map.of("a", Tokens.NONE, "b", Tokens.of(7, 8), "c", Tokens.NONE),
        entry("c", ACTIVE, 7),
        entry("a", LEAVING, 7),
        entry("b", JOINING, 7, 8));
  }

  @Test
  void aTombstoneClaimsNothing() {
    owned(Map.of("b", Tokens.of(7)), InstanceDesc.tombstone("a", 200), entry("b", ACTIVE, 7));
  }
}
