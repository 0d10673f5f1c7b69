package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "1m30s,   90000000000, 1m30s",
    "1.5h,    5400000000000, 1h30m",
    "200ms,   200000000, 200ms",
    "48h,     172800000000000, 48h",
    "0,       0, 0s",
    "1m0s,    60000000000, 1m",
    "90s,     90000000000, 1m30s",
    ".5s,     500000000, 500ms",
    "1.5ms,   1500000, 1.5ms",
    "10us,    10000, 10us",
    "10µs,    10000, 10us",
    "7ns,     7, 7ns",
    "1h0.25s, 3600250000000, 1h0.25s",
    "-5s,     -5000000000, -5s",
    "+5s,     5000000000, 5s"
  })
  void readsGoAndPrintsWhatReadsBack(String text, long nanos, String printed) {
    Duration duration = GoDuration.parse(text).orElseThrow();

    assertThat(duration).isEqualTo(Duration.ofNanos(nanos));
    assertThat(GoDuration.print(duration)).isEqualTo(printed);
    assertThat(GoDuration.parse(printed)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "1 s",
        "1d",
        "1m 30s",
        "m1",
        "--1s",
        "1..5s",
        ".s",
        "1S",
        "9999999999999h",
        "٣s"
      })
  void refusesWhatGoRefuses(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @Test
  void longTextIsRefusedAtOnce() {
    assertThat(GoDuration.parse("1s".repeat(100_000))).isEmpty();
  }
}
