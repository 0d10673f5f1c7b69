package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class UsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rnig x              | unknown command rnig, did you mean \"ring\"?    | ring-daemon",
        "owners a k --ulr=x  | unknown option --ulr=x, did you mean \"--url\"? | ring-daemon owners",
        "run --htp=1:2       | unknown option --htp=1:2, did you mean \"--http\"? | ring-daemon run",
        "ring a b            | one word too many: b                          | ring-daemon ring",
        "config prnt         | unknown command prnt, did you mean \"print\"? | ring-daemon config",
        "config              | check or print?                               | ring-daemon config"
      })
  void wrongUsageIsTwoWithASuggestion(String args, String problem, String help) {
    assertThat(Outcome.of(args.split(" +")))
        .isEqualTo(new Outcome(2, "", "ring-daemon: " + problem + "\nSee " + help + " --help\n"));
  }

  @ParameterizedTest
  @CsvSource({"ftp://x", "http://", "'http://a b'", "http://x?y"})
  void anAddressThatIsNoneIsTwo(String url) {
    assertThat(Outcome.of("rings", "--url=" + url))
        .isEqualTo(
            new Outcome(2, "", "ring-daemon: --url=" + url + ": expected http://HOST:PORT\n"));
  }

  @ParameterizedTest
  @CsvSource({"keygen, 32", "keygen --bits=128, 16", "keygen --bits=192, 24"})
  void keygenPrintsANewKeyAndNothingElse(String args, int bytes) {
    Outcome one = Outcome.of(args.split(" "));
    Outcome other = Outcome.of(args.split(" "));

    assertThat(one.code()).isZero();
    assertThat(Base64.getDecoder().decode(one.out().strip())).hasSize(bytes);
    assertThat(one.out()).isNotEqualTo(other.out()).endsWith("\n");
    assertThat(Outcome.of("keygen", "--bits=100").code()).isEqualTo(2);
  }

  static Stream<String> commands() {
    var names = new ArrayList<String>();
    collect("", Main.newCommandLine(), names);
    return names.stream();
  }

  private static void collect(String prefix, CommandLine line, List<String> names) {
    line.getSubcommands()
        .forEach(
            (name, below) -> {
              names.add(prefix + name);
              collect(prefix + name + " ", below, names);
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyHelpHasTwoExamplesAndTheExitCodesAndIsNarrow(String command) {
    Outcome outcome = Outcome.of((command + " --help").split(" "));

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .containsPattern("Examples:\n  ring-daemon [^\n]*\n  ring-daemon ")
        .contains("Exit codes: 0");
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void versionAsksNobody() {
    assertThat(Outcome.of("version").out()).startsWith("ring-daemon ");
  }

  @Test
  void aConfigurationIsCheckedWithoutStarting(@TempDir Path directory) throws Exception {
    Path good = Files.writeString(directory.resolve("good.yaml"), "node_name: a");
    Path bad =
        Files.writeString(directory.resolve("bad.yaml"), "server: {http_listen_address: 0.0.0.0}");

    assertThat(Outcome.of("config", "check", good.toString()))
        .isEqualTo(new Outcome(0, good + ": good\n", ""));
    assertThat(Outcome.of("config", "check", bad.toString()).code()).isEqualTo(2);
    assertThat(Outcome.of("config", "check", bad.toString()).err())
        .startsWith("ring-daemon: server.http_listen_address: ");
  }

  @Test
  void aConfigurationIsPrintedAsRunWouldUseIt() {
    assertThat(Outcome.of("config", "print", "--diff", "--node-name=a", "--http=127.0.0.1:1").out())
        .isEqualTo("node_name: a\nserver:\n  http_listen_port: 1\n");
    assertThat(Outcome.of("config", "print", "--defaults").out()).startsWith("node_name: \"\"\n");
  }

  @Test
  void runRefusesAWrongConfigurationWithTwo() {
    assertThat(Outcome.of("run", "--http=0.0.0.0:7980").code()).isEqualTo(2);
  }
}
