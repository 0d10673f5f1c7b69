package io.ringdaemon.lifecycle;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static io.ringdaemon.model.InstanceState.LEAVING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** TestCheckReady_{NoRingInKVStore, MinReadyDuration, CheckRingHealth} (12.1 of the reference). */
class ReadinessTest {
  private static final Duration MIN = Duration.ofSeconds(15);

  private final VirtualTime time = new VirtualTime(1);
  private final SharedRing ring = new SharedRing(time);

  private Life start(boolean ringHealth) {
    return new Life(
        time,
        ring,
        "a",
        new Life.Disk(),
        Liveness.unknown(),
        config ->
            config.withOptions(
                config.options().withReadiness(new Readiness.Config(MIN, ringHealth))));
  }

  private static boolean ready(Life life) {
    return life.lifecycler.readiness().ready();
  }

  private void other(InstanceState state) {
    ring.change(
        all ->
            all.with(
                InstanceDesc.of("b", "b:1", "")
                    .withState(state)
                    .withTokens(Tokens.of(7))
                    .withTimestamp(ring.value().timestampFor("b", time.now()), 1)));
  }

  @Test
  void itIsReadyWhenItHasBeenActiveForTheMinimalTimeNotBefore() {
    Life life = start(true);
    assertThat(life.lifecycler.readiness().obstacle()).isEqualTo("not started");
    life.runUntil(ACTIVE);
    life.runFor(MIN.minusMillis(100));
    assertThat(ready(life)).isFalse();
    assertThat(life.lifecycler.readiness().obstacle()).contains("PT15S");
    life.runFor(Duration.ofMillis(200));
    assertThat(ready(life)).isTrue();
    assertThat(life.lifecycler.readiness().obstacle()).isEmpty();
  }

  @Test
  void withoutARingInTheStoreItIsNotReady() {
    ring.failing = true;
    Life life = start(false);
    life.runFor(Duration.ofMinutes(5));
    assertThat(ready(life)).isFalse();
  }

  @Test
  void anotherThatIsNotActiveKeepsItFromBeingReadyAndStartsTheTimeAgain() {
    Life life = start(true);
    life.runUntil(ACTIVE);
    life.runFor(Duration.ofSeconds(10));
    other(LEAVING);
    life.runFor(Duration.ofSeconds(10));
    assertThat(ready(life)).isFalse();
    assertThat(life.lifecycler.readiness().obstacle()).contains("b is LEAVING");
    other(ACTIVE);
    life.runFor(Duration.ofSeconds(14));
    assertThat(ready(life)).isFalse();
    life.runFor(Duration.ofSeconds(2));
    assertThat(ready(life)).isTrue();
  }

  @Test
  void anotherWithAnOldHeartbeatKeepsItFromBeingReady() {
    other(ACTIVE);
    time.runFor(Duration.ofMinutes(2));
    Life life = start(true);
    life.runFor(Duration.ofMinutes(2));
    assertThat(ready(life)).isFalse();
    assertThat(life.lifecycler.readiness().obstacle()).contains("b is ACTIVE and unhealthy");
  }

  @Test
  void withoutTheRingHealthCheckOnlyItselfCounts() {
    other(LEAVING);
    Life life = start(false);
    life.runUntil(ACTIVE);
    life.runFor(MIN);
    assertThat(ready(life)).isTrue();
  }

  @Test
  void onceReadyItStaysSo() {
    Life life = start(true);
    life.runUntil(ACTIVE);
    life.runFor(MIN);
    other(LEAVING);
    life.runFor(Duration.ofMinutes(1));
    assertThat(ready(life)).isTrue();
  }
}
