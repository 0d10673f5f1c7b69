package io.ringdaemon.daemon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code resign NAME}: ask whoever leads a ring to step down. */
@Command(
    name = "resign",
    description =
        "Ask whoever leads a ring to step down. It stands again once another has led, or after 30 s.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon resign default",
      "  ring-daemon resign default --url=http://127.0.0.1:7981",
      "",
      "Exit codes: 0 it stepped down, 1 nobody leads or no such ring, 2 wrong usage,",
      "            3 daemon can't be reached"
    })
final class ResignCommand extends ClientCommand {
  @Parameters(paramLabel = "NAME", description = "The ring.")
  private String ring;

  @Override
  int ask(DaemonClient daemon) {
    JsonNode answer =
        daemon.change("POST", ringPath(ring) + "/leader/resign", null).orFail().body();
    if (json()) {
      printJson(answer);
    } else {
      out()
          .println(
              Table.printable(
                  Table.field(answer, "resigned")
                      + " stepped down, epoch "
                      + Table.field(answer, "epoch")));
    }
    return ExitCode.OK;
  }
}
