package io.ringdaemon.daemon.cli;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that shows what is now, once or each time it changes. */
abstract class ListCommand extends ClientCommand {
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final String CLEAR = "\033[H\033[2J\033[3J";

  /** What there is to show: as answered, and as a table. */
  record Shown(JsonNode body, Table table) {}

  @Option(names = "--watch", description = "Show it again at each change; ends on Ctrl-C.")
  private boolean watch;

  /** Asks. */
  abstract Shown look(DaemonClient daemon);

  @Override
  final int ask(DaemonClient daemon) {
    Shown shown = look(daemon);
    if (!watch) {
      print(shown.body(), shown.table());
      return ExitCode.OK;
    }
    String told = "";
    boolean lost = false;
    while (true) {
      String text = watched(shown);
      if (!text.equals(told)) {
        told = text;
        out().print(text);
        if (out().checkError()) {
          return ExitCode.OK; // nobody reads on
        }
      }
      LockSupport.parkNanos(PERIOD.toNanos());
      try {
        shown = look(daemon);
        if (lost) {
          tell("reached the daemon again");
        }
        lost = false;
      } catch (CommandFailure failure) {
        if (failure.exitCode() != ExitCode.UNREACHABLE) {
          throw failure;
        }
        if (!lost) {
          tell("lost the daemon, trying again: " + failure.getMessage());
        }
        lost = true;
      }
    }
  }

  private void tell(String line) {
    err().println("ring-daemon: " + line);
  }

  /** On a terminal in place of what was there; elsewhere below it: JSON a line, YAML a document. */
  private String watched(Shown shown) {
    return switch (form()) {
      case TABLE -> (Ansi.AUTO.enabled() ? CLEAR : "") + text(shown.table());
      case JSON -> shown.body().toString() + System.lineSeparator();
      case YAML -> "---\n" + text(shown.body());
    };
  }
}
