package io.ringdaemon.daemon.cli;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code members}: who takes part in the gossip. */
@Command(
    name = "members",
    description = "List the daemons that gossip with this one, dead ones too.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon members",
      "  ring-daemon members -o json --url=http://127.0.0.1:7981",
      "",
      "Exit codes: 0 answered, 2 wrong usage, 3 daemon can't be reached"
    })
final class MembersCommand extends ListCommand {
  @Override
  Shown look(DaemonClient daemon) {
    JsonNode body = daemon.get("/api/v1/members").orFail().body();
    var table = new Table("NAME", "ADDR", "STATE", "ZONE", "LAST CONTACT");
    for (JsonNode member : body.path("members")) {
      table.row(
          Table.field(member, "name"),
          Table.field(member, "addr"),
          Table.field(member, "state"),
          Table.field(member, "zone"),
          Ages.NOW.of(Table.field(member, "lastContact")));
    }
    return new Shown(body, table);
  }
}
