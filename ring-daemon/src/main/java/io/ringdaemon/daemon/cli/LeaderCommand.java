package io.ringdaemon.daemon.cli;

import java.time.Duration;
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
      "            3 daemon can't be reached (--watch, once begun, waits for it to come back)"
    })
final class LeaderCommand extends ClientCommand {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final Duration UNCHANGED = Duration.ofMillis(100);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

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
              text(
                  new Table(
                          "LEADER", "EPOCH", "SINCE", "STRENGTH", "POLICY", "ADDR", "LOWEST TOKEN")
                      .row(
                          Table.field(leader, "leaderId"),
                          Table.field(leader, "epoch"),
                          Ages.NOW.of(Table.field(leader, "since")),
                          Table.field(leader, "strength"),
                          Table.field(leader, "policy"),
                          Table.field(leader, "addr"),
                          Table.field(leader, "lowestTokenOwner"))));
    } else {
      err().println("ring-daemon: nobody leads " + ring);
    }
    return led ? ExitCode.OK : ExitCode.NO;
  }

  private int watch(DaemonClient daemon, Answer first) {
    String told = "";
    for (Answer answer = first; ; answer = next(daemon, answer)) {
      JsonNode leader = answer.body();
      String change = Table.field(leader, "leaderId") + " " + Table.field(leader, "epoch");
      if (!change.equals(told)) {
        told = change;
        out().print(watched(leader));
        if (out().checkError()) {
          return ExitCode.OK; // nobody reads on
        }
      } else {
        pause(UNCHANGED); // a change elsewhere in the ring, perhaps one of many
      }
    }
  }

  /** The next state; a daemon that is away is waited for, and that is said once. */
  private Answer next(DaemonClient daemon, Answer before) {
    String query =
        before.index().isEmpty()
            ? ""
            : "?index=" + DaemonUrl.encoded(before.index()) + "&wait=" + WAIT.toSeconds() + "s";
    Duration pause = FIRST_RETRY;
    for (int failures = 0; ; failures++) {
      String problem;
      try {
        Answer answer = failures == 0 ? daemon.get(path() + query, WAIT) : daemon.get(path());
        if (answer.status() < 500) {
          if (failures > 0) {
            err().println("ring-daemon: reached the daemon again");
          }
          return answer.orFail();
        }
        problem = answer.problem();
      } catch (CommandFailure failure) {
        if (failure.exitCode() != ExitCode.UNREACHABLE) {
          throw failure;
        }
        problem = String.valueOf(failure.getMessage());
      }
      if (failures == 0) {
        err().println("ring-daemon: lost the daemon, trying again: " + problem);
      }
      pause(pause);
      pause = pause.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? pause.multipliedBy(2) : LAST_RETRY;
    }
  }

  private static void pause(Duration pause) {
    LockSupport.parkNanos(pause.toNanos());
  }

  /** JSON a line, YAML a document, else a sentence. */
  private String watched(JsonNode leader) {
    return switch (form()) {
      case TABLE -> line(leader) + System.lineSeparator();
      case JSON -> leader.toString() + System.lineSeparator();
      case YAML -> "---\n" + text(leader);
    };
  }

  private static String line(JsonNode leader) {
    String id = Table.field(leader, "leaderId");
    return Table.printable(
        "%s  %s, epoch %s"
            .formatted(
                Table.field(leader, "since"),
                id.isEmpty() ? "nobody leads" : id + " leads",
                Table.field(leader, "epoch")));
  }

  private String path() {
    return ringPath(ring) + "/leader";
  }
}
