package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.GoDuration;
import io.ringdaemon.daemon.process.ProcessGroup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lead NAME -- COMMAND ARG…}: runs a command only while this node leads a ring. */
@Command(
    name = "lead",
    customSynopsis =
        "ring-daemon lead [-h] [--once] [--timeout=DURATION] [--url=URL …] NAME -- COMMAND [ARG…]",
    description = {
      "Run COMMAND only while this node's instance leads the ring NAME.",
      "",
      "Waits for the lead, then runs COMMAND with LEADER_EPOCH, LEADER_ID and RING in its"
          + " environment. When the lead is lost, or the daemon is not heard for 1.2 s, COMMAND and"
          + " all it started get TERM, and KILL 1.8 s after the last good answer; then it waits"
          + " again. Ends when COMMAND ends by itself. Signals (INT, TERM, HUP, USR1, USR2) go to"
          + " COMMAND. A daemon that can't be reached is waited for. docs/elections.md says what is"
          + " promised and what only fencing gives."
    },
    footer = {
      "",
      "Examples:",
      "  ring-daemon lead default -- /usr/local/bin/scheduler --config /etc/scheduler.yaml",
      "  ring-daemon lead default --once --timeout=1m -- sh -c 'echo leading with $LEADER_EPOCH'",
      "",
      "Exit codes: 0 to 255 as COMMAND, or 1 refused or --timeout over, 2 wrong usage, 3 --timeout"
          + " over",
      "            and no daemon in reach, 127 no such COMMAND, 130 or 143 ended by a signal while"
          + " waiting"
    })
final class LeadCommand extends CliCommand {
  @Mixin private DaemonOptions daemon;

  @Option(names = "--once", description = "When the lead is lost, end instead of waiting again.")
  private boolean once;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Give up after waiting so long for the lead, such as 30s.")
  private Optional<String> timeout;

  @Parameters(index = "0", paramLabel = "NAME", description = "The ring.")
  private String ring;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run.")
  private List<String> command;

  @Override
  public Integer call() {
    Optional<Duration> limit = timeout.map(LeadCommand::duration);
    String program = command.get(0);
    if (ProcessGroup.find(program, System.getenv().getOrDefault("PATH", "")).isEmpty()) {
      throw new CommandFailure(
          ExitCode.NO_COMMAND, program + ": no such command, or it may not be run");
    }
    var seat = new Seat(daemon.client(), ring);
    return new LeadLoop(seat, command, once, limit, err()).run();
  }

  private static Duration duration(String text) {
    return GoDuration.parse(text)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE, "--timeout=" + text + ": expected a duration such as 1m30s"));
  }
}
