package io.ringdaemon.lifecycle;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static io.ringdaemon.model.InstanceState.JOINING;
import static io.ringdaemon.model.InstanceState.PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.Rings;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.JoinOrder;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Waiting for one's turn: TestWaitBeforeJoining and W30 (reference/ring-semantics.md 12.1, 13). */
class JoinerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime(1);
  private final SharedRing ring = new SharedRing(time);
  private final Life.Disk disk = new Life.Disk();

  private Life start(UnaryOperator<LifecycleOptions> change) {
    return new Life(
        time,
        ring,
        "a",
        disk,
        Liveness.unknown(),
        config -> config.withOptions(change.apply(config.options())));
  }

  @Test
  void whoMustWaitIsPendingWithHeartbeatsUntilTheGateOpens() {
    Life life =
        start(
            options ->
                options.withJoinGate(
                    view -> view.instance("first").isPresent(), Duration.ofMinutes(5)));
    life.runFor(Duration.ofMinutes(2));
    assertThat(life.present().state()).isEqualTo(PENDING);
    assertThat(life.present().tokens().isEmpty()).isTrue();
    assertThat(time.now().getEpochSecond() - life.present().timestamp()).isLessThan(7);
    ring.change(
        all ->
            all.with(
                InstanceDesc.of("first", "f:1", "").withTimestamp(time.now().getEpochSecond(), 1)));
    life.runFor(Duration.ofMillis(100));
    assertThat(life.state()).isEqualTo(JOINING);
    life.runUntil(ACTIVE);
    assertThat(life.present().tokens().size()).isEqualTo(4);
  }

  @Test
  void inOrderMeansAfterThePredecessorHasTokens() {
    JoinGate gate = JoinGate.inOrder(JoinOrder.of("store-1"));
    assertThat(gate.canJoin(Rings.of("store-0:PENDING:", 1, false))).isFalse();
    assertThat(gate.canJoin(Rings.of("store-0:JOINING:7", 1, false))).isTrue();
  }

  @Test
  void whoWaitedTooLongJoinsRegardlessAndSaysSo() {
    Life life = start(options -> options.withJoinGate(view -> false, Duration.ofMinutes(5)));
    life.runFor(Duration.ofMinutes(5).minusSeconds(2));
    assertThat(life.state()).isEqualTo(PENDING);
    life.runFor(Duration.ofSeconds(4));
    assertThat(life.state()).isIn(JOINING, ACTIVE);
    assertThat(life.journal).anyMatch(line -> line.startsWith("joining"));
  }

  @Test
  void theDelayBeforeJoiningIsSpentPendingAndNotByWhoHasItsTokens() {
    Life life = start(options -> options.withJoinAfter(Duration.ofSeconds(30)));
    life.runFor(Duration.ofSeconds(29));
    assertThat(life.present().state()).isEqualTo(PENDING);
    life.runFor(Duration.ofSeconds(2));
    assertThat(life.state()).isIn(JOINING, ACTIVE);
    life.runUntil(ACTIVE);
    life.node.kill();
    Life again = start(options -> options.withJoinAfter(Duration.ofHours(1)));
    again.runFor(Duration.ofSeconds(2));
    assertThat(again.state()).isEqualTo(ACTIVE);
  }

  @Test
  void whoWaitsCanLeaveAndIsBroughtBackWhenForgotten() {
    Life life = start(options -> options.withJoinAfter(Duration.ofHours(1)));
    life.runFor(SECOND);
    ring.change(all -> all.without("a"));
    life.runFor(SECOND);
    assertThat(life.present().state()).isEqualTo(PENDING);
    var left = life.on(Lifecycler::leave);
    life.runFor(SECOND);
    assertThat(left).isCompleted();
    assertThat(life.entry()).isEmpty();
  }
}
