package io.ringdaemon.daemon.cli;

import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.BooleanNode;

/** {@code read-only NAME on|off}: whether new keys should go elsewhere than to an instance. */
@Command(
    name = "read-only",
    description =
        "Take no new keys, or take them again. Only shuffle sharding looks at it: owners stay the same.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon read-only default on",
      "  ring-daemon read-only default off --instance=ring-2",
      "",
      "Exit codes: 0 done, 1 no such ring or instance, 2 wrong usage, 3 daemon can't be reached"
    })
final class ReadOnlyCommand extends ClientCommand {
  /** The flag as typed. */
  enum Flag {
    ON,
    OFF
  }

  @Parameters(index = "0", paramLabel = "NAME", description = "The ring.")
  private String ring;

  @Parameters(index = "1", paramLabel = "on|off", description = "on: no new keys.")
  private Flag flag;

  @Option(
      names = "--instance",
      paramLabel = "ID",
      defaultValue = "",
      description = "The instance (default: that of the daemon asked).")
  private String instance;

  @Override
  int ask(DaemonClient daemon) {
    String id =
        instance.isEmpty()
            ? Table.field(daemon.get(ringPath(ring)).orFail().body(), "self")
            : instance;
    String path = ringPath(ring) + "/instances/" + DaemonUrl.encoded(id) + "/read-only";
    daemon.change("PUT", path, BooleanNode.valueOf(flag == Flag.ON)).orFail();
    if (json()) {
      printJson(
          DaemonClient.JSON
              .createObjectNode()
              .put("ring", ring)
              .put("id", id)
              .put("readOnly", flag == Flag.ON));
    } else {
      String word = flag.name().toLowerCase(Locale.ROOT);
      out().println(Table.printable(id + " in " + ring + ": read-only " + word));
    }
    return ExitCode.OK;
  }
}
