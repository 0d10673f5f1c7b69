package io.ringdaemon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class JoinOrderTest {
  @Test
  void instanceWaitsForTheOneBeforeItToHoldTokens() {
    JoinOrder order = JoinOrder.of("store-zone-a-10");
    assertThat(order).isEqualTo(new JoinOrder("store-zone-a-", 10));
    assertThat(order.waitsFor(Set.of("store-zone-a-8")::contains)).contains("store-zone-a-9");
    assertThat(order.waitsFor(Set.of("store-zone-a-9")::contains)).isEmpty();
  }

  @Test
  void firstInstanceWaitsForNobody() {
    assertThat(JoinOrder.of("store-0").waitsFor(id -> false)).isEmpty();
    assertThat(JoinOrder.of("store-000").ordinal()).isZero();
  }

  @Test
  void nameWithoutAnOrdinalIsRefused() {
    for (String name : new String[] {"store", "store-", "7", "store-1a", "store-1\n", ""}) {
      assertThatThrownBy(() -> JoinOrder.of(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ordinal");
    }
  }
}
