package io.ringdaemon.replication;

import static io.ringdaemon.replication.Script.done;
import static io.ringdaemon.replication.Script.error;
import static io.ringdaemon.replication.Script.set;
import static io.ringdaemon.replication.Script.values;
import static io.ringdaemon.replication.Script.zones;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.ring.ReplicationSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** reference/ring-semantics.md 5.10: {@code Do}, and several sets at once. */
class AllAndMultiTest {
  private static final Duration DELAY = Duration.ofMillis(100);

  private final Script script = new Script(1);

  private QuorumCall<String> all(ReplicationSet set, Duration delay) {
    return script.on(() -> QuorumCall.all(script.world, set, delay, script, script.options()));
  }

  private MultiQuorumCall<String> multi(ReplicationSet... sets) {
    return script.on(
        () -> MultiQuorumCall.untilQuorum(script.world, List.of(sets), script, script.options()));
  }

  @Test
  void allAreAskedInOrderAndResultsComeInTheOrderOfArrival() {
    QuorumCall<String> call = all(set("a b c", 1), Duration.ZERO);
    assertThat(script.asked).containsExactly("a", "b", "c");
    script.succeed("c", "a");
    assertThat(values(call.result())).containsExactly("c", "a");
  }

  @Test
  void withADelayTheLastMaxErrorsInstancesWaitForItTogether() {
    all(set("a b c d", 2), DELAY);
    assertThat(script.asked).containsExactly("a", "b");
    script.time.runFor(DELAY);
    assertThat(script.asked).containsExactly("a", "b", "c", "d");
  }

  @Test
  void withADelayEachEarlierFailureLetsOneOfThemGo() {
    QuorumCall<String> call = all(set("a b c d", 2), DELAY);
    script.fail("b");
    assertThat(script.asked).containsExactly("a", "b", "c");
    script.succeed("a", "c");
    assertThat(values(call.result())).containsExactly("a", "c");
    script.time.runFor(DELAY);
    assertThat(script.asked).doesNotContain("d");
  }

  @Test
  void withZonesNobodyWaitsAndAllResultsSoFarAreReturned() {
    QuorumCall<String> call = all(zones("a1@a a2@a b1@b", 1), DELAY);
    assertThat(script.asked).hasSize(3);
    script.succeed("a1", "b1");
    assertThat(values(call.result())).containsExactly("a1", "b1");
  }

  @Test
  void theFirstErrorPastTheLimitFails() {
    QuorumCall<String> call = all(set("a b c", 1), Duration.ZERO);
    script.fail("a", "b");
    assertThat(error(call.result())).hasMessageContaining("no b");
    QuorumCall<String> zoned = all(zones("a1@a b1@b c1@c", 1), Duration.ZERO);
    script.fail("a1");
    assertThat(done(zoned.result())).isFalse();
    script.fail("b1");
    assertThat(error(zoned.result())).isInstanceOf(QuorumFailed.class);
  }

  @Test
  void allSetsMustReachTheirQuorumAndTheCallsStayOpen() {
    MultiQuorumCall<String> call = multi(set("a b c", 1), set("d e", 0));
    script.succeed("d", "e", "c");
    assertThat(done(call.result())).isFalse();
    script.succeed("b");
    assertThat(values(call.result())).containsExactly("b", "c", "d", "e");
    assertThat(script.cancelled()).containsExactly("a");
    script.succeed("a");
    assertThat(script.cleaned).containsExactly("a");
  }

  @Test
  void theFirstSetThatFailsCancelsAllAndEverythingIsCleanedUp() {
    MultiQuorumCall<String> call = multi(set("a b", 0), set("c d", 0), set("e f", 0));
    script.succeed("a", "b", "c");
    script.fail("e");
    assertThat(error(call.result())).isInstanceOf(QuorumFailed.class).hasMessageContaining("no e");
    assertThat(script.cancelled()).containsExactly("a", "b", "c", "d", "e", "f");
    script.succeed("d");
    assertThat(script.cleaned).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  void severalSetsAreCancelledTogether() {
    MultiQuorumCall<String> call = multi(set("a b", 0), set("c", 0));
    script.succeed("c");
    call.cancel();
    script.time.runFor(Duration.ZERO);
    assertThat(error(call.result())).isInstanceOf(CancellationException.class);
    assertThat(script.cancelled()).containsExactly("a", "b", "c");
    assertThat(script.cleaned).containsExactly("c");
  }

  @Test
  void noSetsCompleteAtOnceAndABadOneEndsThoseAlreadyAsked() {
    assertThat(values(multi().result())).isEmpty();
    assertThatThrownBy(() -> multi(set("a", 0), Script.set("b@x", 1, 1, true)))
        .isInstanceOf(IllegalArgumentException.class);
    script.time.runFor(Duration.ZERO);
    assertThat(script.cancelled()).containsExactly("a");
  }
}
