package io.ringdaemon.daemon.cli;

import picocli.CommandLine.Command;

/** {@code leave}: the daemon leaves its rings and the mesh and ends. */
@Command(
    name = "leave",
    description = "Make the daemon leave all rings and the gossip, then end.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon leave",
      "  ring-daemon leave --url=http://127.0.0.1:7981",
      "",
      "Exit codes: 0 it is leaving, 1 refused, 2 wrong usage, 3 daemon can't be reached"
    })
final class LeaveCommand extends ClientCommand {
  @Override
  int ask(DaemonClient daemon) {
    daemon.change("POST", "/api/v1/leave", null).orFail();
    if (json()) {
      printJson(DaemonClient.JSON.createObjectNode().put("leaving", true));
    } else {
      out().println("leaving");
    }
    return ExitCode.OK;
  }
}
