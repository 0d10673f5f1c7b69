package io.ringdaemon.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code owners NAME KEY…}: who owns keys. */
@Command(
    name = "owners",
    description = "Tell which instances own keys, in ring order.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon owners default tenant-1",
      "  ring-daemon owners default tenant-1 tenant-2 -o json",
      "",
      "With -o json: one key gives an object, several give a list of them.",
      "Exit codes: 0 answered, 1 no such ring, empty ring or too few healthy instances,",
      "            2 wrong usage, 3 daemon can't be reached"
    })
final class OwnersCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The ring.")
  private String ring;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "KEY",
      description = "What is looked up, as text.")
  private List<String> keys;

  @Option(
      names = "--operation",
      paramLabel = "OP",
      description = "read, write, write-no-extend or reporting (default: the daemon's).")
  private Optional<String> operation = Optional.empty();

  @Override
  int ask(DaemonClient daemon) {
    var answers = new ArrayList<JsonNode>();
    var table = new Table("KEY", "TOKEN", "OWNERS", "MAY FAIL");
    for (String key : keys) {
      String choice = operation.map(name -> "&operation=" + DaemonUrl.encoded(name)).orElse("");
      JsonNode body =
          daemon
              .get(ringPath(ring) + "/owners?key=" + DaemonUrl.encoded(key) + choice)
              .orFail()
              .body();
      answers.add(body);
      var owners = new ArrayList<String>();
      body.path("instances").forEach(instance -> owners.add(Table.field(instance, "id")));
      table.row(
          key,
          Table.field(body, "token"),
          String.join(" ", owners),
          Table.field(body, "maxErrors"));
    }
    ArrayNode all = DaemonClient.JSON.createArrayNode().addAll(answers);
    print(answers.size() == 1 ? answers.get(0) : all, table);
    return ExitCode.OK;
  }
}
