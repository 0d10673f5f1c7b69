package io.ringdaemon.daemon.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code leader NAME}: who leads a ring, once or each time it changes. */
@Command(
    name = "leader",
    description = "Tell who leads a ring.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon leader default",
      "  ring-daemon leader default --watch -o json",
      "",
      "Exit codes: 0 somebody leads, 1 nobody leads or no such ring, 2 wrong usage,",
      "            3 daemon can't be reached; --watch ends with 3 when the daemon goes away"
    })
final class LeaderCommand extends ClientCommand {
  private static final Duration WAIT = Duration.ofSeconds(30);

  @Parameters(paramLabel = "NAME", description = "The ring.")
  private String ring;

  @Option(names = "--watch", description = "Print a line now and at each change; ends on Ctrl-C.")
  private boolean watch;

  @Override
  int ask(DaemonClient daemon) {
    Answer answer = daemon.get(path()).orFail();
    return watch ? watch(daemon, answer) : once(answer.body());
  }

  private int once(JsonNode leader) {
    boolean led = !Table.field(leader, "leaderId").isEmpty();
    if (json()) {
      printJson(leader);
    } else if (led) {
      out()
          .print(
              new Table("LEADER", "EPOCH", "SINCE", "STRENGTH", "POLICY", "ADDR", "LOWEST TOKEN")
                  .row(
                      Table.field(leader, "leaderId"),
                      Table.field(leader, "epoch"),
                      Ages.NOW.of(Table.field(leader, "since")),
                      Table.field(leader, "strength"),
                      Table.field(leader, "policy"),
                      Table.field(leader, "addr"),
                      Table.field(leader, "lowestTokenOwner"))
                  .text());
    } else {
      err().println("ring-daemon: nobody leads " + ring);
    }
    return led ? ExitCode.OK : ExitCode.NO;
  }

  private int watch(DaemonClient daemon, Answer first) {
    Answer answer = first;
    String told = "";
    while (true) {
      JsonNode leader = answer.body();
      String change = Table.field(leader, "leaderId") + " " + Table.field(leader, "epoch");
      if (!change.equals(told)) {
        told = change;
        out().println(json() ? leader.toString() : line(leader));
        if (out().checkError()) {
          return ExitCode.OK; // nobody reads on
        }
      } else {
        LockSupport.parkNanos(
            TimeUnit.MILLISECONDS.toNanos(
                100)); // a change elsewhere in the ring, perhaps one of many
      }
      String index =
          answer.index().isEmpty() ? "" : "index=" + DaemonUrl.encoded(answer.index()) + "&";
      answer = daemon.get(path() + "?" + index + "wait=" + WAIT.toSeconds() + "s", WAIT).orFail();
    }
  }

  private static String line(JsonNode leader) {
    String id = Table.field(leader, "leaderId");
    String line =
        id.isEmpty()
            ? "nobody leads"
            : id
                + " leads since "
                + Table.field(leader, "since")
                + ", epoch "
                + Table.field(leader, "epoch");
    return Table.printable(line);
  }

  private String path() {
    return ringPath(ring) + "/leader";
  }
}
