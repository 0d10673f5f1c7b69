package io.ringdaemon.daemon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ring NAME}: the instances of a ring. */
@Command(
    name = "ring",
    description = "List the instances of a ring, as the asked daemon sees them.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon ring default",
      "  ring-daemon ring admin-api -o json",
      "",
      "Exit codes: 0 answered, 1 no such ring, 2 wrong usage, 3 daemon can't be reached"
    })
final class RingCommand extends ListCommand {
  @Parameters(paramLabel = "NAME", description = "The ring.")
  private String ring;

  @Override
  Shown look(DaemonClient daemon) {
    JsonNode body = daemon.get(ringPath(ring)).orFail().body();
    String leader = Table.field(body, "leader");
    var table =
        new Table(
            "ID",
            "STATE",
            "HEALTH",
            "ROLE",
            "HEARTBEAT",
            "TOKENS",
            "READ-ONLY",
            "ZONE",
            "ADDR",
            "REASON");
    for (JsonNode instance : body.path("instances")) {
      String id = Table.field(instance, "id");
      table.row(
          id,
          Table.field(instance, "state"),
          instance.path("healthy").asBoolean(false) ? "healthy" : "unhealthy",
          id.equals(leader) ? "leader" : "",
          Ages.NOW.of(Table.field(instance, "heartbeat")),
          Table.field(instance, "tokenCount"),
          instance.path("readOnly").asBoolean(false) ? "read-only" : "",
          Table.field(instance, "zone"),
          Table.field(instance, "addr"),
          Table.field(instance, "reason"));
    }
    return new Shown(body, table);
  }
}
