package io.ringdaemon.daemon.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** In virtual time; the application answers what the test says, or nothing. */
class CheckTest {
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final VirtualTime time = new VirtualTime(1);
  private final VirtualTime.Node node = time.node();
  private final List<CompletableFuture<String>> asked = new ArrayList<>();
  private final List<Long> askedAt = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private final List<Check.Answer> answers = new ArrayList<>();
  private String says = "";
  private boolean silent;
  private Check check;

  private void start(int threshold, int successes) {
    Probe probe =
        limit -> {
          CompletableFuture<String> answer = new CompletableFuture<>();
          asked.add(answer);
          askedAt.add(time.nanoTime());
          if (!silent) {
            answer.complete(says);
          }
          return answer;
        };
    check =
        new Check(
            node.world(),
            new Check.Rule("http x", INTERVAL, TIMEOUT, threshold, successes, probe),
            answers::add,
            () -> changes.add(check.failing()));
    node.execute(check::start);
  }

  private void ask(int times) {
    int before = asked.size();
    time.runUntil(Duration.ofMinutes(5), () -> asked.size() >= before + times);
    time.runFor(Duration.ofMillis(1));
  }

  @Test
  void itFailsUntilItPassedOnceAndFirstAsksAtOnce() {
    start(3, 1);
    assertThat(check.failing()).isEqualTo("not checked yet");
    time.runFor(Duration.ofMillis(200));
    assertThat(check.failing()).isEmpty();
    assertThat(changes).containsExactly("");
  }

  @Test
  void whatIsWrongFromTheStartIsSaidOnce() {
    says = "status 503";
    start(3, 1);
    ask(5);
    assertThat(changes).containsExactly("status 503");
  }

  @Test
  void asManyFailuresInARowAsTheThresholdMakeItFailAndSuccessesBringItBack() {
    start(3, 2);
    ask(3);
    says = "status 500";
    ask(2);
    says = "";
    ask(1);
    says = "status 502";
    ask(2);
    assertThat(check.failing()).isEmpty();
    ask(1);
    assertThat(check.failing()).isEqualTo("status 502");
    says = "";
    ask(1);
    assertThat(check.failing()).isEqualTo("status 502");
    ask(1);
    assertThat(check.failing()).isEmpty();
  }

  @Test
  void noAnswerIsAFailureWhenItsTimeIsOverAndQuestionsNeverOverlap() {
    start(2, 1);
    ask(1);
    silent = true;
    ask(1);
    assertThat(check.failing()).isEmpty();
    time.runFor(Duration.ofMinutes(1));
    assertThat(asked).hasSize(2);
    assertThat(check.failing()).isEqualTo("no answer yet");
    assertThat(answers.get(1).timedOut()).isTrue();
    assertThat(answers).hasSizeBetween(8, 14);

    silent = false;
    asked.get(1).complete("");
    ask(1);
    assertThat(check.failing()).isEmpty();
  }

  @Test
  void anAnswerThatComesTooLateChangesNothing() {
    start(1, 1);
    ask(1);
    silent = true;
    ask(1);
    time.runFor(TIMEOUT);
    assertThat(check.failing()).isEqualTo("no answer within 2000 ms");
    asked.get(1).complete("");
    time.runFor(Duration.ofMillis(100));
    assertThat(check.failing()).isEqualTo("no answer within 2000 ms");
  }

  @Test
  void intervalsAreJittered() {
    start(3, 1);
    ask(50);
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < askedAt.size(); i++) {
      pauses.add(askedAt.get(i) - askedAt.get(i - 1));
    }
    assertThat(pauses)
        .allMatch(pause -> pause >= INTERVAL.toNanos() * 0.9 && pause <= INTERVAL.toNanos() * 1.1);
    assertThat(pauses.stream().distinct().count()).isGreaterThan(40);
  }

  @Test
  void aProbeThatBreaksIsAFailureInWords() {
    start(1, 1);
    ask(1);
    silent = true;
    ask(1);
    asked.get(1).completeExceptionally(new IllegalStateException("broken"));
    time.runFor(Duration.ofMillis(1));
    assertThat(check.failing()).isEqualTo("broken");
  }
}
