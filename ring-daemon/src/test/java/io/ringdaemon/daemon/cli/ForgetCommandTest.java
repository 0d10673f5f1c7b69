package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ForgetCommandTest {
  private static final String GOOD = "DELETE /api/v1/rings/default/instances/good";
  private static final String BAD = "DELETE /api/v1/rings/default/instances/bad";

  private final FakeDaemon daemon = new FakeDaemon();
  private final List<String> questions = new ArrayList<>();
  private Optional<String> reply = Optional.empty();

  @BeforeEach
  void aRingWithOneHealthyInstance() {
    daemon
        .answer("GET /api/v1/rings", 200, "{'rings':[{'ring':'default'},{'ring':'api'}]}")
        .answer(
            "GET /api/v1/rings/default",
            200,
            "{'instances':[{'id':'good','healthy':true},{'id':'bad','healthy':false}]}")
        .answer("GET /api/v1/rings/api", 200, "{'instances':[]}")
        .answer(GOOD, 204, "")
        .answer(BAD, 204, "");
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void anUnhealthyInstanceIsForgottenWithoutAQuestion() {
    assertThat(forget("default", "bad")).isEqualTo(new Outcome(0, "forgot bad in default\n", ""));
    assertThat(questions).isEmpty();
  }

  @Test
  void aHealthyOneIsForgottenAfterYes() {
    reply = Optional.of("y");

    assertThat(forget("default", "good").code()).isZero();
    assertThat(questions)
        .containsExactly(
            "good is healthy in default and will register again. Forget nevertheless? [y/N] ");
    assertThat(daemon.requests()).contains(GOOD);
  }

  @Test
  void anyOtherReplyForgetsNothing() {
    reply = Optional.of("");

    assertThat(forget("default", "good", "bad"))
        .isEqualTo(new Outcome(1, "", "ring-daemon: nothing forgotten\n"));
    assertThat(daemon.requests()).doesNotContain(GOOD, BAD);
  }

  @Test
  void withoutATerminalAHealthyOneIsRefusedWithTheHint() {
    assertThat(forget("default", "good"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "ring-daemon: good is healthy in default: to forget nevertheless, add --yes\n"));
    assertThat(daemon.requests()).doesNotContain(GOOD);
  }

  @Test
  void yesAsksNothing() {
    assertThat(forget("default", "good", "--yes").code()).isZero();
    assertThat(questions).isEmpty();
  }

  @Test
  void anUnknownInstanceIsNo() {
    assertThat(forget("default", "bad", "nobody"))
        .isEqualTo(
            new Outcome(
                1,
                "forgot bad in default\n",
                "ring-daemon: no instance nobody in default: see ring-daemon ring default\n"));
  }

  @Test
  void inAllRingsItNeedsToBeInOne() {
    assertThat(forget("--all-rings", "bad", "-o", "json").out())
        .contains("\"default\"", "\"bad\"", "\"notFound\" : [ ]");
    assertThat(forget("--all-rings", "nobody").err())
        .isEqualTo("ring-daemon: no instance nobody in any ring\n");
  }

  @Test
  void allUnhealthyAreForgottenByTheDaemon() {
    daemon.answer(
        "DELETE /api/v1/rings/default/instances?unhealthy=true", 200, "{'forgotten':['bad']}");
    daemon.answer("DELETE /api/v1/rings/api/instances?unhealthy=true", 200, "{'forgotten':[]}");

    assertThat(forget("--all-rings", "--all-unhealthy"))
        .isEqualTo(new Outcome(0, "forgot bad in default\n", ""));
    assertThat(forget("api", "--all-unhealthy").out())
        .isEqualTo("nothing to forget: all are healthy\n");
  }

  @Test
  void whatIsMissingIsWrongUsage() {
    assertThat(forget().err()).startsWith("ring-daemon: which ring? Name one, or --all-rings\n");
    assertThat(forget("default").err())
        .startsWith("ring-daemon: which instances? Name them, or --all-unhealthy\n");
    assertThat(forget("default", "x", "--all-unhealthy").err())
        .startsWith("ring-daemon: --all-unhealthy takes no ids\n");
    assertThat(forget("--all-rings").code()).isEqualTo(2);
  }

  private Outcome forget(String... args) {
    Prompt prompt =
        question -> {
          questions.add(question);
          return reply;
        };
    CommandLine line = Main.configured(new CommandLine(new ForgetCommand(prompt)));
    return Outcome.of(
        line,
        Stream.concat(Stream.of(args), Stream.of("--url=" + daemon.url())).toArray(String[]::new));
  }
}
