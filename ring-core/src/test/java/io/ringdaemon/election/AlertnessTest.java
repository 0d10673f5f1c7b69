package io.ringdaemon.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AlertnessTest {
  private static final Instant START = Instant.ofEpochSecond(1_000);
  private final Alertness alertness = new Alertness(0, START);
  private long millis;
  private long wallAhead;

  private java.util.Optional<Alertness.Doubt> after(long pause, int others) {
    millis += pause;
    return alertness.tick(millis * 1_000_000, START.plusMillis(millis + wallAhead), others);
  }

  @Test
  void aSteadyLoopIsTrusted() {
    for (int i = 0; i < 100; i++) {
      assertThat(after(250, 4)).isEmpty();
    }
  }

  @Test
  void aStandstillIsDoubtedAndALongOneGravely() {
    assertThat(after(1_500, 4)).hasValueSatisfying(doubt -> assertThat(doubt.grave()).isFalse());
    assertThat(after(250, 4)).isEmpty();
    assertThat(after(30_000, 4)).hasValueSatisfying(doubt -> assertThat(doubt.grave()).isTrue());
  }

  @Test
  void aJumpOfTheWallClockIsDoubtedOnce() {
    after(250, 4);
    wallAhead = 3_600_000;
    assertThat(after(250, 4)).isPresent();
    assertThat(after(250, 4)).isEmpty();
  }

  @Test
  void losingMoreThanHalfOfThreeOrMoreOthersAtOnceIsDoubted() {
    after(250, 4);
    assertThat(after(250, 2)).isEmpty();
    assertThat(after(250, 1)).isPresent();
  }

  @Test
  void ofTwoTheSurvivorTrustsItself() {
    after(250, 1);
    assertThat(after(250, 0)).isEmpty();
  }
}
