package io.ringdaemon.replication;

import static io.ringdaemon.replication.Script.done;
import static io.ringdaemon.replication.Script.error;
import static io.ringdaemon.replication.Script.set;
import static io.ringdaemon.replication.Script.values;
import static io.ringdaemon.replication.Script.zones;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * reference/ring-semantics.md 5.10 until a quorum, and what TestDoUntilQuorum… checks (12.1). All
 * at once ({@code Do}) and several sets: {@link AllAndMultiTest}.
 */
class QuorumCallTest {
  private static final String SIX = "a1@a a2@a b1@b b2@b c1@c c2@c";
  private static final Duration TICK = Duration.ofMillis(100);

  private final Script script = new Script(1);

  @Test
  void aQuorumOfInstancesIsReturnedInTheOrderOfTheSetAndTheLastIsCancelled() {
    QuorumCall<String> call = script.untilQuorum(set("a b c", 1), script.options());
    assertThat(script.asked).containsExactlyInAnyOrder("a", "b", "c");
    script.succeed("c");
    assertThat(done(call.result())).isFalse();
    script.succeed("a");
    assertThat(values(call.result())).containsExactly("a", "c");
    assertThat(script.cancelled()).contains("b");
    assertThat(script.cleaned).isEmpty();
  }

  @Test
  void aLateResultIsCleanedUp() {
    QuorumCall<String> call = script.untilQuorum(set("a b c", 1), script.options());
    script.succeed("a", "b", "c");
    assertThat(values(call.result())).containsExactly("a", "b");
    assertThat(script.cleaned).containsExactly("c");
  }

  @Test
  void oneErrorTooManyFailsTheCallCancelsTheRestAndCleansUpWhatSucceeded() {
    QuorumCall<String> call = script.untilQuorum(set("a b c d", 1), script.options());
    script.succeed("a");
    script.fail("b");
    assertThat(done(call.result())).isFalse();
    IllegalStateException decisive = new IllegalStateException("no");
    script.fail("c", decisive);
    assertThat(error(call.result()))
        .isInstanceOfSatisfying(
            QuorumFailed.class,
            failed -> {
              assertThat(failed).hasCause(decisive).hasMessageContaining("b (");
              assertThat(failed.unit()).isEqualTo(QuorumFailed.Unit.INSTANCES);
              assertThat(failed.needed()).isEqualTo(3);
              assertThat(failed.allowed()).isEqualTo(1);
              assertThat(failed.terminal()).isFalse();
              assertThat(failed.failures().stream().map(QuorumFailed.Failure::instanceId))
                  .containsExactly("b", "c");
            });
    assertThat(script.cancelled()).containsExactly("a", "b", "c", "d");
    assertThat(script.cleaned).containsExactly("a");
    script.succeed("d");
    assertThat(script.cleaned).containsExactly("a", "d");
  }

  @Test
  void anEmptySetSucceedsAtOnceWithNothing() {
    assertThat(values(script.untilQuorum(set("", 0), script.options()).result())).isEmpty();
    assertThat(values(script.untilQuorum(zones("", 0), script.options()).result())).isEmpty();
  }

  @Test
  void aTerminalErrorEndsAllThoughAQuorumWasPossible() {
    QuorumCall<String> call =
        script.untilQuorum(
            set("a b c", 2), script.options().withTerminal(e -> e instanceof SecurityException));
    script.succeed();
    SecurityException denied = new SecurityException("denied");
    script.fail("b", denied);
    assertThat(error(call.result()))
        .isInstanceOfSatisfying(
            QuorumFailed.class,
            failed -> {
              assertThat(failed.terminal()).isTrue();
              assertThat(failed).hasCause(denied);
            });
    assertThat(script.cancelled()).containsExactly("a", "b", "c");
  }

  @Test
  void withFewestOnlyAsManyAsNeededAreAskedAndOneMorePerFailure() {
    QuorumCall<String> call =
        script.untilQuorum(set("a b c d", 2), script.options().withHedging(Hedging.FEWEST));
    assertThat(script.asked).hasSize(2);
    script.time.runFor(Duration.ofHours(1));
    assertThat(script.asked).hasSize(2);
    script.fail(script.asked.get(0));
    assertThat(script.asked).hasSize(3);
    script.fail(script.asked.get(1));
    assertThat(script.asked).hasSize(4);
    script.succeed(script.asked.get(2), script.asked.get(3));
    assertThat(values(call.result())).hasSize(2);
  }

  @Test
  void whoIsAskedFirstIsLeftToChance() {
    List<String> first =
        java.util.stream.LongStream.range(0, 200)
            .mapToObj(
                seed -> {
                  Script own = new Script(seed);
                  own.untilQuorum(set("a b c", 2), own.options().withHedging(Hedging.FEWEST));
                  return own.asked.get(0);
                })
            .toList();
    assertThat(first).contains("a", "b", "c");
  }

  @Test
  void aHedgingTickAsksOneMoreAndWhenNobodyIsLeftNothing() {
    QuorumCall<String> call =
        script.untilQuorum(set("a b c d", 2), script.options().withHedging(Hedging.after(TICK)));
    assertThat(script.asked).hasSize(2);
    script.time.runFor(TICK);
    assertThat(script.asked).hasSize(3);
    script.time.runFor(TICK);
    assertThat(script.asked).hasSize(4);
    script.time.runFor(TICK.multipliedBy(10));
    assertThat(script.asked).hasSize(4);
    script.succeed("a", "b");
    assertThat(values(call.result())).containsExactly("a", "b");
  }

  @Test
  void whenAQuorumIsReachedNoMoreTicksAskAnybody() {
    script.untilQuorum(set("a b c", 2), script.options().withHedging(Hedging.after(TICK)));
    script.succeed(script.asked.get(0));
    script.time.runFor(TICK.multipliedBy(10));
    assertThat(script.asked).hasSize(1);
  }

  @Test
  void aZoneCountsWhenAllItsInstancesSucceededAndOnlyCompleteZonesAreReturned() {
    QuorumCall<String> call = script.untilQuorum(zones(SIX, 1), script.options());
    script.succeed("a1", "b1", "c1", "c2");
    assertThat(done(call.result())).isFalse();
    script.succeed("b2");
    assertThat(values(call.result())).containsExactly("b1", "b2", "c1", "c2");
    assertThat(script.cleaned).containsExactly("a1");
    script.succeed("a2");
    assertThat(script.cleaned).containsExactly("a1", "a2");
  }

  @Test
  void theOtherCallsOfAFailedZoneAreCancelledAndItsErrorsCountOnce() {
    QuorumCall<String> call = script.untilQuorum(zones(SIX, 1), script.options());
    script.fail("b1");
    assertThat(script.cancelled()).containsExactly("b1", "b2");
    script.fail("b2");
    assertThat(done(call.result())).isFalse();
    script.succeed("a1", "a2", "c1", "c2");
    assertThat(values(call.result())).containsExactly("a1", "a2", "c1", "c2");
  }

  @Test
  void errorsInMoreZonesThanMayBeUnavailableFailTheCall() {
    QuorumCall<String> call = script.untilQuorum(zones(SIX, 1), script.options());
    script.fail("b1", "c2");
    assertThat(error(call.result()))
        .isInstanceOfSatisfying(
            QuorumFailed.class,
            failed -> {
              assertThat(failed.unit()).isEqualTo(QuorumFailed.Unit.ZONES);
              assertThat(failed.needed()).isEqualTo(2);
              assertThat(failed.allowed()).isEqualTo(1);
            });
  }

  @Test
  void zoneAwareWithoutAnUnavailableZoneAllowedOneErrorIsTooMany() {
    QuorumCall<String> call = script.untilQuorum(zones(SIX, 0), script.options());
    script.fail("a2");
    assertThat(error(call.result())).isInstanceOf(QuorumFailed.class);
  }

  @Test
  void theErrorOfACancelledCallIsNeverTerminal() {
    QuorumCall<String> call =
        script.untilQuorum(
            zones(SIX, 1), script.options().withTerminal(e -> e instanceof CancellationException));
    script.fail("a1");
    script.fail("a2", new CancellationException("as asked"));
    assertThat(done(call.result())).isFalse();
  }

  @Test
  void withFewestAsManyZonesAsNeededAreAskedInTheSortersOrderAndOneMorePerFailedZone() {
    QuorumOptions<String> options =
        script
            .options()
            .withHedging(Hedging.FEWEST)
            .withZones((zones, chance) -> List.of("c", "a", "b"));
    QuorumCall<String> call = script.untilQuorum(zones(SIX, 1), options);
    assertThat(script.asked).containsExactly("c1", "c2", "a1", "a2");
    script.fail("a1");
    assertThat(script.asked).endsWith("b1", "b2").hasSize(6);
    script.fail("a2");
    script.succeed("b1", "b2", "c1", "c2");
    assertThat(values(call.result())).containsExactly("b1", "b2", "c1", "c2");
  }

  @Test
  void aHedgingTickAsksAWholeZoneMore() {
    script.untilQuorum(
        zones(SIX, 2),
        script.options().withHedging(Hedging.after(TICK)).withZones(ZoneSorter.preferring("b")));
    assertThat(script.asked).containsExactly("b1", "b2");
    script.time.runFor(TICK);
    assertThat(script.asked).hasSize(4);
    script.time.runFor(TICK);
    assertThat(script.asked).hasSize(6);
  }

  @Test
  void aSorterThatLosesOrDoublesAZoneIsRefused() {
    for (List<String> bad :
        List.of(List.of("a", "b"), List.of("a", "b", "b"), List.of("a", "b", "c", "a"))) {
      assertThatThrownBy(
              () ->
                  script.untilQuorum(
                      zones(SIX, 1), script.options().withZones((zones, chance) -> bad)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("every zone once");
    }
  }

  @Test
  void aSetThatCountsZonesAndInstancesIsRefused() {
    assertThatThrownBy(() -> script.untilQuorum(Script.set(SIX, 1, 1, true), script.options()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxErrors");
  }

  @Test
  void callsOfReturnedResultsAreCancelledUnlessTheyShallStayOpen() {
    script.untilQuorum(set("a b", 0), script.options());
    script.succeed("a", "b");
    assertThat(script.cancelled()).containsExactly("a", "b");
    Script keeping = new Script(2);
    QuorumCall<String> call =
        keeping.untilQuorum(set("a b c", 1), keeping.options().withKeepCalls(true));
    keeping.succeed("a", "b");
    assertThat(keeping.cancelled()).containsExactly("c");
    call.result().toCompletableFuture().join().forEach(answer -> answer.call().cancel());
    assertThat(keeping.cancelled()).containsExactly("a", "b", "c");
  }

  @Test
  void cancellingFailsTheCallCancelsEveryOtherAndCleansUp() {
    QuorumCall<String> call = script.untilQuorum(set("a b c", 1), script.options());
    script.succeed("a");
    call.cancel(); // from outside the loop
    script.time.runFor(Duration.ZERO);
    assertThat(error(call.result())).isInstanceOf(CancellationException.class);
    assertThat(script.cancelled()).containsExactly("a", "b", "c");
    script.succeed("b");
    assertThat(script.cleaned).containsExactly("a", "b");
    call.cancel();
    script.time.runFor(Duration.ZERO);
    assertThat(script.cleaned).containsExactly("a", "b");
  }

  @Test
  void aRequestThatThrowsOrAnswersAtOnceIsLikeAnyOther() {
    QuorumCall<String> call =
        script.on(
            () ->
                QuorumCall.untilQuorum(
                    script.world,
                    set("a b c", 1),
                    (instance, own) -> {
                      if (instance.id().equals("b")) {
                        throw new IllegalStateException("no way");
                      }
                      return CompletableFuture.completedFuture(instance.id());
                    },
                    script.options()));
    assertThat(values(call.result())).containsExactly("a", "c");
  }

  @Test
  void answersFromOtherThreadsAreCountedOnTheLoop() {
    QuorumCall<String> call = script.untilQuorum(set("a b c", 1), script.options());
    script.open.get("a").complete("a");
    script.open.get("b").complete("b");
    assertThat(done(call.result())).isFalse();
    script.time.runFor(Duration.ZERO);
    assertThat(values(call.result())).containsExactly("a", "b");
  }
}
