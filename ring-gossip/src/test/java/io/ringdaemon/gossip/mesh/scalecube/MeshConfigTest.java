package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Nonsense is refused by the name of the field and with the value. */
class MeshConfigTest {
  private static final MeshConfig GOOD = MeshConfig.of("n1", 1, "10.0.0.1", 7946);

  @Test
  void nonsenseIsRefusedByNameAndValue() {
    refuses(() -> MeshConfig.of("", 1, "10.0.0.1", 7946), "nodeName");
    refuses(() -> MeshConfig.of("a\nb", 1, "10.0.0.1", 7946), "nodeName");
    refuses(() -> MeshConfig.of("n1", -1, "10.0.0.1", 7946), "life", "-1");
    refuses(() -> MeshConfig.of("n1", 1, "", 7946), "bindHost");
    refuses(() -> MeshConfig.of("n1", 1, "10.0.0.1", 65_536), "bindPort", "65536");
    refuses(() -> GOOD.withSeeds(List.of("10.0.0.2")), "seeds", "10.0.0.2");
    refuses(() -> GOOD.withClusterLabel("x".repeat(256)), "clusterLabel");
    refuses(() -> GOOD.withTiming(MeshTiming.TUNED, Duration.ZERO), "rejoinInterval", "PT0S");
    refuses(
        () -> new MeshTiming(500, 500, 3, 3, 10_000, 3_000, 100, 3, 2, 2_000),
        "pingTimeoutMillis 500",
        "pingIntervalMillis 500");
    refuses(
        () -> new MeshTiming(500, 250, 3, 0, 10_000, 3_000, 100, 3, 2, 2_000),
        "suspicionMult",
        "0");
  }

  @Test
  void suspicionGrowsWithTheBitsOfTheTable() {
    assertThat(MeshTiming.TUNED.suspicionMillis(3)).isEqualTo(3_000);
    assertThat(MeshTiming.TUNED.suspicionMillis(10)).isEqualTo(6_000);
    assertThat(MeshTiming.LAN.suspicionMillis(50)).isEqualTo(30_000);
  }

  @Test
  void addressesHaveOneFormOnTheWire() {
    assertThat(Address.canonical("10.0.0.1:7946")).isPresent();
    assertThat(Address.canonical("[2001:db8::1]:7946")).isPresent();
    assertThat(Address.canonical("[2001:DB8::1]:7946")).isEmpty();
    assertThat(Address.canonical("2001:db8::1:7946")).isEmpty();
    assertThat(Address.canonical("[fe80::1%eth0]:7946")).isEmpty();
    assertThat(Address.canonical("localhost:7946")).isEmpty();
  }

  private static void refuses(ThrowingCallable construction, String... words) {
    assertThatThrownBy(construction)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words);
  }
}
