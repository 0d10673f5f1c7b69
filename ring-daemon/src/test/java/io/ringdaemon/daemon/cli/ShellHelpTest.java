package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What shells and man are given. */
class ShellHelpTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ring-daemon migr,            migrate",
    "ring-daemon forget --all-un, --all-unhealthy",
    "ring-daemon config pri,      print"
  })
  void bashCompletesCommandsAndOptions(String typed, String completed) throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(script, Outcome.of("completion", "bash").out());
    int last = typed.split(" ").length - 1;
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "compopt() { :; }; source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_ring-daemon; echo ${COMPREPLY[@]}"
                    .formatted(script, typed, last))
            .redirectErrorStream(true)
            .start();
    String told = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(told.strip()).isEqualTo(completed);
  }

  @Test
  void oneScriptServesBothShells() {
    assertThat(Outcome.of("completion", "zsh")).isEqualTo(Outcome.of("completion", "bash"));
    assertThat(Outcome.of("completion", "zsh").out()).contains("ZSH_VERSION");
    assertThat(Outcome.of("completion", "fish").code()).isEqualTo(2);
  }

  static Stream<String> commands() {
    return Main.newCommandLine().getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasAManualPage(String command) {
    String page = Outcome.of("man", command).out();

    assertThat(page)
        .startsWith(".TH RING-DAEMON-" + command.toUpperCase(java.util.Locale.ROOT) + " 1 ")
        .contains(".SH NAME\nring\\-daemon\\-" + command.replace("-", "\\-") + " \\- ")
        .contains("\\fB\\-h, \\-\\-help\\fR\nShow this help.\n")
        .contains("Examples:\n");
  }

  @Test
  void theProgramsPageListsItsCommands() {
    assertThat(Outcome.of("man").out()).startsWith(".TH RING-DAEMON 1 ").contains("forget");
  }

  @Test
  void anUnknownPageIsTwoWithASuggestion() {
    assertThat(Outcome.of("man", "frget"))
        .isEqualTo(new Outcome(2, "", "ring-daemon: no command frget, did you mean \"forget\"?\n"));
  }
}
