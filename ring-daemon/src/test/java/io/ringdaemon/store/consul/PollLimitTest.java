package io.ringdaemon.store.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.store.consul.ConsulConfig.WatchRate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollLimitTest {
  private static final long SECOND = 1_000_000_000;

  private final PollLimit limit = new PollLimit(new WatchRate(1, 2), 0);

  @Test
  void asManyAsTheBurstMayFollowEachOtherThenOneAfterTheOther() {
    assertThat(limit.take(0)).isZero();
    assertThat(limit.take(0)).isZero();
    assertThat(limit.take(0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(limit.take(SECOND)).isEqualTo(Duration.ofSeconds(1));
    assertThat(limit.take(5 * SECOND)).isZero();
  }

  @Test
  void rareQuestionsNeverWait() {
    for (int i = 0; i < 10; i++) {
      assertThat(limit.take(i * 2 * SECOND)).isZero();
    }
  }

  @Test
  void whoGaveUpWaitingIsNotPaidForByTheNext() {
    for (int i = 0; i < 100; i++) {
      assertThat(limit.take(0)).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void aRateOfZeroIsNoLimit() {
    PollLimit none = new PollLimit(new WatchRate(0, 1), 0);
    for (int i = 0; i < 100; i++) {
      assertThat(none.take(0)).isZero();
    }
  }

  @Test
  void aWaitFitsIntoTheTimeout() {
    assertThat(BlockingQuery.longestWait(Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(10));
    assertThat(BlockingQuery.longestWait(Duration.ofMillis(2700)))
        .as("with the sixteenth that Consul adds, and a second")
        .isEqualTo(Duration.ofMillis(1600));
  }
}
