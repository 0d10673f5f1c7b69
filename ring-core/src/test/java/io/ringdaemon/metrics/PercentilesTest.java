package io.ringdaemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PercentilesTest {
  @Test
  void percentilesAreOfEverythingRecordedSinceTheStart() {
    Percentiles latency = new Percentiles();
    for (int i = 1; i <= 50; i++) {
      latency.record(i * 1_000_000L);
    }
    assertThat(latency.snapshot().count()).isEqualTo(50);
    for (int i = 51; i <= 100; i++) {
      latency.record(i * 1_000_000L);
    }
    latency.record(-5);
    Percentiles.Snapshot all = latency.snapshot();
    assertThat(all.count()).isEqualTo(101);
    assertThat(all.p50()).isCloseTo(0.050, within(0.002));
    assertThat(all.p99()).isCloseTo(0.099, within(0.002));
    assertThat(all.max()).isCloseTo(0.100, within(0.002));
  }
}
