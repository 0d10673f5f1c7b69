package io.ringdaemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private final Latency latency = new Latency();

  private long inBucketUpTo(double seconds) {
    return latency.snapshot().buckets().get(Latency.bounds().indexOf(seconds));
  }

  @Test
  void durationFallsIntoTheFirstBucketThatHoldsIt() {
    latency.record(Duration.ofMillis(5).toNanos());
    latency.record(Duration.ofMillis(5).toNanos() + 1);
    latency.record(Duration.ofMinutes(2).toNanos());
    latency.record(-7);
    assertThat(inBucketUpTo(0.0005)).isEqualTo(1);
    assertThat(inBucketUpTo(0.005)).isEqualTo(1);
    assertThat(inBucketUpTo(0.01)).isEqualTo(1);
    List<Long> buckets = latency.snapshot().buckets();
    assertThat(buckets.get(buckets.size() - 1)).isEqualTo(1);
    assertThat(latency.snapshot().count()).isEqualTo(4);
    assertThat(latency.snapshot().sum()).isCloseTo(120.01, within(1e-6));
  }

  @Test
  void boundsRise() {
    assertThat(Latency.bounds()).isSorted().doesNotHaveDuplicates().first().isEqualTo(0.0005);
  }
}
