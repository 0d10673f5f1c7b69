package io.ringdaemon.daemon.cli;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code rings}: all rings of the daemon. */
@Command(
    name = "rings",
    description = "List the rings: who leads each, how many instances, how many of them healthy.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon rings",
      "  ring-daemon rings -o json",
      "  ring-daemon rings --watch",
      "",
      "Exit codes: 0 answered, 2 wrong usage, 3 daemon can't be reached"
    })
final class RingsCommand extends ListCommand {
  @Override
  Shown look(DaemonClient daemon) {
    JsonNode body = daemon.get(RINGS).orFail().body();
    var table = new Table("RING", "LEADER", "INSTANCES", "HEALTHY", "VERSION");
    for (JsonNode ring : body.path("rings")) {
      String leader = Table.field(ring, "leader");
      table.row(
          Table.field(ring, "ring"),
          leader.isEmpty() ? "nobody" : leader,
          Table.field(ring, "instances"),
          Table.field(ring, "healthy"),
          Table.field(ring, "version"));
    }
    return new Shown(body, table);
  }
}
