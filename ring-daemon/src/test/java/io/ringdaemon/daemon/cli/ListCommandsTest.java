package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListCommandsTest {
  private final FakeDaemon daemon = new FakeDaemon();

  @AfterEach
  void close() {
    daemon.close();
  }

  private Outcome ask(String... args) {
    var all = new String[args.length + 1];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "--url=" + daemon.url();
    return Outcome.of(all);
  }

  @Test
  void yamlHasWhatJsonHas() {
    daemon.answer("GET /api/v1/rings", 200, "{'rings':[{'ring':'a: b','leader':null}]}");

    assertThat(ask("rings", "-o", "yaml"))
        .isEqualTo(new Outcome(0, "rings:\n  - ring: \"a: b\"\n    leader: null\n", ""));
    assertThat(ask("rings", "-o", "xml").code()).isEqualTo(2);
  }

  @Test
  void eventsOfAllRingsAreListedNewestFirst() {
    daemon.answer("GET /api/v1/rings", 200, "{'rings':[{'ring':'a'},{'ring':'b'}]}");
    daemon.answer(
        "GET /api/v1/rings/a/events",
        200,
        "{'ring':'a','events':[{'at':'2026-01-02T00:00:00Z','kind':'joined','instance':'i','text':'joined"
            + " as ACTIVE'}]}");
    daemon.answer(
        "GET /api/v1/rings/b/events",
        200,
        "{'ring':'b','events':[{'at':'2026-01-03T00:00:00Z','kind':'leader','instance':'','text':'nobody"
            + " leads'}]}");

    assertThat(ask("events").out())
        .isEqualTo(
            """
            AT                    RING  KIND    INSTANCE  WHAT
            2026-01-03T00:00:00Z  b     leader            nobody leads
            2026-01-02T00:00:00Z  a     joined  i         joined as ACTIVE
            """);
    assertThat(ask("events", "a", "-o", "json").out()).contains("\"ring\" : \"a\"");
    assertThat(ask("events", "c").code()).isEqualTo(1);
  }

  @Test
  void onlyStatesAreColoured() {
    var table = new Table("ID", "HEALTH").row("dead", "unhealthy").row("b", "healthy");

    assertThat(table.text(true))
        .isEqualTo(
            """
            ID    HEALTH
            dead  \033[31munhealthy\033[0m
            b     \033[32mhealthy\033[0m
            """);
    assertThat(table.text()).doesNotContain("\033");
  }

  @Test
  void progressIsOneLineOnATerminalAndNothingElsewhere() {
    var terminal = new StringWriter();
    var progress = new Progress(new PrintWriter(terminal), 2, true);
    progress.next("copying a");
    progress.next("copying b");
    progress.clear();
    assertThat(terminal.toString())
        .isEqualTo("\r\033[K1 of 2: copying a\r\033[K2 of 2: copying b\r\033[K");

    var file = new StringWriter();
    new Progress(new PrintWriter(file), 2, false).next("copying a");
    assertThat(file.toString()).isEmpty();
  }
}
