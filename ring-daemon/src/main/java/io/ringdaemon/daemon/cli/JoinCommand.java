package io.ringdaemon.daemon.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code join ADDR…}: meet other daemons. */
@Command(
    name = "join",
    description = "Tell the daemon to contact others and gossip with them.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon join 10.0.0.2:7946",
      "  ring-daemon join 10.0.0.2:7946 dns+ring.example:7946",
      "",
      "Exit codes: 0 at least one contacted, 1 none, 2 wrong usage, 3 daemon can't be reached"
    })
final class JoinCommand extends ClientCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "ADDR",
      description = "HOST:PORT, dns+NAME:PORT, dnssrv+NAME or dnssrvnoa+NAME.")
  private List<String> addresses;

  @Override
  int ask(DaemonClient daemon) {
    ObjectNode body = DaemonClient.JSON.createObjectNode();
    addresses.forEach(body.putArray("addresses")::add);
    JsonNode answer = daemon.change("POST", "/api/v1/members/join", body).orFail().body();
    int contacted = answer.path("contacted").asInt(0);
    if (json()) {
      printJson(answer);
    } else {
      answer.path("results").forEach(one -> out().println(line(one)));
      if (contacted > 0) {
        out().println("contacted " + contacted + " of " + addresses.size());
      } else {
        err()
            .println(
                "ring-daemon: contacted none of "
                    + addresses.size()
                    + ": is gossip reachable there, at its gossip port?");
      }
    }
    return contacted > 0 ? ExitCode.OK : ExitCode.NO;
  }

  private static String line(JsonNode result) {
    String reason = Table.field(result, "reason");
    return Table.printable(
        Table.field(result, "address") + ": " + (reason.isEmpty() ? "contacted" : reason));
  }
}
