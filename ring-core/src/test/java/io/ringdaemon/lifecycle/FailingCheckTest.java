package io.ringdaemon.lifecycle;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How the ring learns that an instance's own health check fails. */
class FailingCheckTest {
  private final VirtualTime time = new VirtualTime(1);
  private final SharedRing ring = new SharedRing(time);
  private final Life life =
      new Life(time, ring, "a", new Life.Disk(), Liveness.unknown(), config -> config);

  private void fails(String why) {
    life.node.execute(() -> life.lifecycler.failingCheck(why));
    life.runFor(Duration.ofMillis(1));
  }

  private String told() {
    return life.present().origin().failingCheck();
  }

  @Test
  void itIsWrittenAtOnceStaysWithEveryHeartbeatAndIsTakenBackAtOnce() {
    life.runUntil(ACTIVE);
    fails("http: status 503");
    assertThat(told()).isEqualTo("http: status 503");
    long before = life.present().timestamp();
    life.runFor(Duration.ofSeconds(20));
    assertThat(told()).isEqualTo("http: status 503");
    assertThat(life.present().timestamp()).isGreaterThan(before);
    assertThat(life.watcher.ring().instance("a").orElseThrow().health().detail())
        .isEqualTo("its check fails: http: status 503");
    fails("");
    assertThat(told()).isEmpty();
    assertThat(life.state()).isEqualTo(ACTIVE);
    assertThat(life.journal).noneMatch(line -> line.startsWith("conflict"));
  }

  @Test
  void oneThatFailsFromTheStartIsRegisteredSo() {
    fails("not checked yet");
    life.runUntil(ACTIVE);
    assertThat(told()).isEqualTo("not checked yet");
  }

  @Test
  void inARingWithMembersOfOtherProgramsTheHeartbeatIsWithheld() {
    life.runUntil(ACTIVE);
    ring.change(
        all ->
            all.with(
                InstanceDesc.of("loki-1", "b:1", "")
                    .withState(ACTIVE)
                    .withTokens(Tokens.of(5))
                    .withTimestamp(time.now().getEpochSecond(), 1)));
    fails("tcp: connection refused");
    long before = life.present().timestamp();
    life.runFor(Duration.ofSeconds(30));
    assertThat(life.present().timestamp()).isEqualTo(before);
    fails("");
    life.runFor(Duration.ofSeconds(6));
    assertThat(life.present().timestamp()).isGreaterThan(before + 30);
  }
}
