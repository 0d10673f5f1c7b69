package io.ringdaemon.lifecycle;

import static io.ringdaemon.model.InstanceState.ACTIVE;
import static io.ringdaemon.model.InstanceState.JOINING;
import static io.ringdaemon.model.InstanceState.LEAVING;
import static io.ringdaemon.model.InstanceState.LEFT;
import static io.ringdaemon.model.InstanceState.PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.ReadOnly;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** reference/ring-semantics.md 2.2, 2.3 and the lifecycler tests named in its 12.1. */
class LifecyclerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime(1);
  private final SharedRing ring = new SharedRing(time);
  private final Life.Disk disk = new Life.Disk();

  private Life start(UnaryOperator<LifecyclerConfig> settings) {
    return new Life(time, ring, "a", disk, Liveness.unknown(), settings);
  }

  private Life start() {
    return start(config -> config);
  }

  private Life active() {
    Life life = start();
    life.runUntil(ACTIVE);
    return life;
  }

  private static UnaryOperator<LifecyclerConfig> with(UnaryOperator<LifecycleOptions> change) {
    return config -> config.withOptions(change.apply(config.options()));
  }

  private static UnaryOperator<LifecyclerConfig> tokens(int count) {
    return config ->
        new LifecyclerConfig(
            config.instanceId(),
            config.addr(),
            config.zone(),
            config.origin(),
            count,
            config.observePeriod(),
            config.heartbeatPeriod(),
            config.aloneAfter(),
            config.unregisterOnShutdown());
  }

  private void leftover(InstanceDesc entry) {
    ring.change(all -> all.with(entry.withTimestamp(time.now().getEpochSecond(), 1)));
  }

  private static InstanceDesc entry(io.ringdaemon.model.InstanceState state, long... tokens) {
    return InstanceDesc.of("a", "old:1", "old").withState(state).withTokens(Tokens.of(tokens));
  }

  @Test
  void itRegistersObservesAndIsActiveWithItsTokensOnDisk() {
    Life life = active();
    assertThat(life.states).containsExactly(PENDING, JOINING, ACTIVE);
    assertThat(life.present().tokens().size()).isEqualTo(4);
    assertThat(disk.tokens).hasValue(life.present().tokens());
    assertThat(life.present().registered()).isEqualTo(time.now().getEpochSecond() - 1);
  }

  @Test
  void aRestartAfterAKillKeepsTokensRegistrationAndReadOnlyAndShowsTheNewAddressAtOnce() {
    Life first = active();
    assertThat(first.on(lifecycler -> lifecycler.readOnly(true))).isNotNull();
    first.runFor(SECOND);
    InstanceDesc before = first.present();
    first.node.kill();
    time.runFor(Duration.ofMinutes(5));
    Life second =
        start(
            config ->
                new LifecyclerConfig(
                    "a", "new:90", "new", config.origin(), 4, SECOND, SECOND, SECOND, true));
    second.runUntil(JOINING);
    InstanceDesc after = second.present();
    assertThat(after.tokens()).isEqualTo(before.tokens());
    assertThat(after.registered()).isEqualTo(before.registered());
    assertThat(after.readOnly()).isEqualTo(before.readOnly());
    assertThat(after.addr()).isEqualTo("new:90");
    assertThat(after.zone()).isEqualTo("new");
    second.runUntil(ACTIVE);
  }

  @ParameterizedTest
  @EnumSource(names = {"PENDING", "JOINING", "ACTIVE", "LEAVING"})
  void whateverStateItsLeftoverIsInItTakesTheTokensUpAndGetsActive(
      io.ringdaemon.model.InstanceState state) {
    time.runFor(SECOND);
    leftover(entry(state, 1, 2, 3, 4).withRegistered(77));
    Life life = active();
    assertThat(life.present().tokens()).isEqualTo(Tokens.of(1, 2, 3, 4));
    assertThat(life.present().registered()).isEqualTo(77);
    assertThat(life.states).containsExactly(PENDING, JOINING, ACTIVE);
  }

  @Test
  void anUnknownTimeOfRegistrationStaysUnknown() {
    leftover(entry(ACTIVE, 1, 2, 3, 4));
    Life life = active();
    life.runFor(Duration.ofMinutes(1));
    assertThat(life.present().registered()).isZero();
  }

  @Test
  void tooFewTokensAreFilledUpAndTooManyDroppedByChance() {
    leftover(entry(ACTIVE, 1, 2, 3, 4));
    Life more = start(tokens(6));
    more.runUntil(ACTIVE);
    assertThat(more.present().tokens().size()).isEqualTo(6);
    assertThat(more.present().tokens().longs().boxed()).contains(1L, 2L, 3L, 4L);
    more.node.kill();
    Life fewer = start(tokens(3));
    fewer.runUntil(ACTIVE);
    Tokens kept = fewer.present().tokens();
    assertThat(kept.size()).isEqualTo(3);
    assertThat(more.present().tokens().longs().boxed().toList())
        .containsAll(kept.longs().boxed().toList());
    assertThat(disk.tokens).hasValue(kept);
  }

  @Test
  void theRingsTokensCountMoreThanTheFileAndTheFileWhenTheRingHasNone() {
    disk.tokens = java.util.Optional.of(Tokens.of(5, 6, 7, 8));
    leftover(entry(ACTIVE, 1, 2, 3, 4));
    Life life = active();
    assertThat(life.present().tokens()).isEqualTo(Tokens.of(1, 2, 3, 4));
    life.node.kill();
    ring.change(all -> all.without("a"));
    disk.tokens = java.util.Optional.of(Tokens.of(5, 6, 7, 8));
    time.runFor(SECOND);
    Life fromDisk = active();
    assertThat(fromDisk.present().tokens()).isEqualTo(Tokens.of(5, 6, 7, 8));
  }

  @Test
  void aForgottenInstanceComesBackWithTokensAndFlagButRegisteredAnew() {
    Life life = active();
    var changed = life.on(lifecycler -> lifecycler.readOnly(true));
    life.runFor(Duration.ofSeconds(20));
    assertThat(changed).isCompletedWithValue(true);
    InstanceDesc before = life.present();
    ring.change(all -> all.without("a"));
    life.runFor(SECOND);
    InstanceDesc after = life.present();
    assertThat(after.tokens()).isEqualTo(before.tokens());
    assertThat(after.state()).isEqualTo(ACTIVE);
    assertThat(after.readOnly()).isEqualTo(before.readOnly());
    assertThat(after.registered()).isGreaterThan(before.registered());
    assertThat(life.journal).anyMatch(line -> line.startsWith("returned"));
  }

  @Test
  void zoneAddressAndVersionsWrittenOverByOthersAreRestoredByTheNextHeartbeat() {
    Life life = start(with(options -> options.withVersions(Map.of(9L, 3L))));
    life.runUntil(ACTIVE);
    InstanceDesc own = life.present();
    assertThat(own.versions()).containsEntry(9L, 3L).containsKey(InstanceDesc.RING_DAEMON);
    ring.change(
        all ->
            all.with(
                InstanceDesc.of("a", "elsewhere:1", "")
                    .withState(own.state())
                    .withTokens(own.tokens())
                    .withRegistered(own.registered())
                    .withOrigin(own.origin())
                    .withTimestamp(own.timestamp() + 1, own.sequence())));
    life.runFor(Duration.ofSeconds(6));
    assertThat(life.present().zone()).isEqualTo("zone-a");
    assertThat(life.present().addr()).isEqualTo("a:80");
    assertThat(life.present().versions()).isEqualTo(own.versions());
  }

  @Test
  void readOnlyIsWrittenAtOnceWithItsTimeAndUnchangedWritesNothing() {
    Life life = active();
    assertThat(life.present().readOnly()).isEqualTo(ReadOnly.NEVER);
    var on = life.on(lifecycler -> lifecycler.readOnly(true));
    life.runFor(Duration.ofMillis(1));
    assertThat(on).isCompletedWithValue(true);
    long at = time.now().getEpochSecond();
    assertThat(life.present().readOnly()).isEqualTo(new ReadOnly(true, at));
    InstanceDesc written = life.present();
    var again = life.on(lifecycler -> lifecycler.readOnly(true));
    life.runFor(Duration.ofMillis(1));
    assertThat(again).isCompletedWithValue(false);
    assertThat(life.present()).isEqualTo(written);
    life.runFor(Duration.ofSeconds(30));
    assertThat(life.present().readOnly()).isEqualTo(new ReadOnly(true, at));
  }

  @Test
  void readOnlyBeforeRegisteringAndAfterLeavingIsAnError() {
    ring.failing = true;
    Life life = start();
    life.runFor(SECOND);
    var early = life.on(lifecycler -> lifecycler.readOnly(true));
    life.runFor(SECOND);
    assertThat(early).isCompletedExceptionally();
    assertThat(early.handle((value, error) -> error).join()).isInstanceOf(NotInTheRing.class);
  }

  @Test
  void aStuckHeartbeatCannotUndoLeaving() {
    Life life = active();
    ring.slow = Duration.ofSeconds(2);
    time.runUntil(Duration.ofSeconds(10), () -> life.present().sequence() > 2);
    life.runFor(Duration.ofSeconds(4));
    var left = life.on(Lifecycler::leave);
    ring.check(
        (before, after) ->
            after.instance("a").ifPresent(one -> assertThat(one.state()).isNotEqualTo(JOINING)));
    boolean[] leaving = new boolean[1];
    ring.check(
        (before, after) ->
            after
                .instance("a")
                .ifPresent(
                    one -> {
                      leaving[0] |= one.state() == LEAVING;
                      assertThat(leaving[0] && one.state() != LEAVING).isFalse();
                    }));
    life.runFor(Duration.ofSeconds(30));
    assertThat(left).isCompleted();
    assertThat(life.entry()).isEmpty();
    assertThat(leaving[0]).isTrue();
  }

  @Test
  void whileLeavingItBeatsUntilTheWorkAndTheFinalSleepAreDone() {
    Life life = start(with(options -> options.withFinalSleep(Duration.ofSeconds(30))));
    life.runUntil(ACTIVE);
    CompletableFuture<Void> work = new CompletableFuture<>();
    var left = life.on(lifecycler -> lifecycler.leave(() -> work));
    life.runFor(Duration.ofMinutes(2));
    assertThat(life.present().state()).isEqualTo(LEAVING);
    assertThat(time.now().getEpochSecond() - life.present().timestamp()).isLessThan(7);
    work.complete(null);
    life.runFor(Duration.ofSeconds(29));
    assertThat(life.present().state()).isEqualTo(LEAVING);
    assertThat(time.now().getEpochSecond() - life.present().timestamp()).isLessThan(7);
    life.runFor(Duration.ofSeconds(2));
    assertThat(left).isCompleted();
    assertThat(life.entry()).isEmpty();
    assertThat(life.states).endsWith(ACTIVE, LEAVING, LEFT);
    life.runFor(Duration.ofMinutes(2));
    assertThat(life.entry()).isEmpty();
  }

  @Test
  void workThatFailsIsNotedAndLeavingGoesOnAndLeavingTwiceIsOnce() {
    Life life = active();
    var left =
        life.on(
            lifecycler ->
                lifecycler.leave(
                    () -> {
                      throw new IllegalStateException("cannot flush");
                    }));
    var again = life.on(Lifecycler::leave);
    life.runFor(Duration.ofMillis(100));
    assertThat(again).isNotCompleted();
    life.runFor(SECOND);
    assertThat(left).isCompleted();
    assertThat(again).isCompleted();
    assertThat(life.journal).anyMatch(line -> line.contains("cannot flush"));
  }

  @Test
  void whetherItStaysInTheRingCanBeChangedWhileItRuns() {
    Life life = active();
    life.lifecycler.unregisterOnShutdown(false);
    var left = life.on(Lifecycler::leave);
    life.runFor(SECOND);
    assertThat(left).isCompleted();
    assertThat(life.present().state()).isEqualTo(LEAVING);
    assertThat(life.state()).isEqualTo(LEFT);
    assertThat(disk.tokens).hasValue(life.present().tokens());
  }

  @Test
  void storedTokensAreClearedOnRequestOnly() {
    Life life = active();
    life.lifecycler.clearTokensOnShutdown(true);
    var left = life.on(Lifecycler::leave);
    life.runFor(SECOND);
    assertThat(left).isCompleted();
    assertThat(disk.tokens).hasValue(Tokens.NONE);
  }

  @Test
  void leavingBeforeItRegisteredLeavesNothingBehind() {
    ring.slow = SECOND;
    Life life = start();
    life.runFor(Duration.ofMillis(1500)); // the first write has arrived, its answer has not
    assertThat(life.state()).isEqualTo(PENDING);
    assertThat(life.entry()).isPresent();
    var left = life.on(Lifecycler::leave);
    life.runFor(Duration.ofMinutes(1));
    assertThat(left).isCompleted();
    assertThat(life.entry()).isEmpty();
    assertThat(life.state()).isEqualTo(LEFT);
  }

  @Test
  void tokensLostWhileActiveAreReplacedAndTheOthersKept() {
    Life life = active();
    Tokens before = life.present().tokens();
    long stolen = before.at(0);
    ring.change(
        all ->
            all.with(
                InstanceDesc.of("0-smaller", "s:1", "")
                    .withState(ACTIVE)
                    .withTokens(Tokens.of(stolen))
                    .withTimestamp(time.now().getEpochSecond(), 1)));
    life.runFor(SECOND);
    Tokens after = life.present().tokens();
    assertThat(after.size()).isEqualTo(4);
    assertThat(after.longs()).doesNotContain(stolen).contains(before.at(1), before.at(2));
    assertThat(disk.tokens).hasValue(after);
  }

  @Test
  void itWritesAgainWhenTheStoreIsBack() {
    ring.failing = true;
    Life life = start();
    life.runFor(Duration.ofMinutes(1));
    assertThat(life.state()).isEqualTo(PENDING);
    ring.failing = false;
    life.runUntil(ACTIVE);
  }

  @Test
  void aFailingStoreGetsARestBetweenAttempts() {
    Life life = active();
    ring.change(all -> all.without("a"));
    ring.failing = true;
    ring.attempts = 0;
    life.runFor(Duration.ofSeconds(10));
    assertThat(ring.attempts).isBetween(10, 60);
    ring.failing = false;
    life.runFor(SECOND);
    assertThat(life.present().state()).isEqualTo(ACTIVE);
  }

  @Test
  void anEntryThatAForeignWriterStrippedOfItsOriginIsStillOurs() {
    Life life = active();
    InstanceDesc ours = life.present();
    int attempts = ring.attempts;
    ring.change(all -> all.with(ours.withOrigin(InstanceDesc.Origin.UNKNOWN)));
    life.runFor(Duration.ofMillis(500));
    assertThat(ring.attempts).as("nothing is written in haste").isEqualTo(attempts);
    assertThat(life.journal).noneMatch(line -> line.startsWith("returned"));
    life.runFor(Duration.ofSeconds(6));
    assertThat(life.present().origin()).isEqualTo(ours.origin());
    assertThat(life.present().tokens()).isEqualTo(ours.tokens());
    assertThat(life.present().registered()).isEqualTo(ours.registered());
    assertThat(life.state()).isEqualTo(ACTIVE);
  }

  @Test
  void anEntryOfAnotherProgramWithOurIdIsNotTakenForOurs() {
    Life life = active();
    InstanceDesc ours = life.present();
    InstanceDesc theirs =
        InstanceDesc.of("a", "elsewhere:80", "")
            .withState(ACTIVE)
            .withTokens(ours.tokens())
            .withTimestamp(ours.timestamp() + 1, 0);
    ring.change(all -> all.with(theirs));
    life.runFor(SECOND);
    assertThat(life.present().origin()).isEqualTo(ours.origin());
    assertThat(life.journal).anyMatch(line -> line.startsWith("returned"));
  }
}
