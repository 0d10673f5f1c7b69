package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.Version;
import picocli.CommandLine.Command;

/** {@code version}: asks nobody. */
@Command(
    name = "version",
    description = "Tell which version this is; asks no daemon.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon version",
      "  ring-daemon --version",
      "",
      "Exit codes: 0 always"
    })
final class VersionCommand extends CliCommand {
  static String line() {
    return "ring-daemon " + Version.text() + " (Java " + System.getProperty("java.version") + ")";
  }

  @Override
  public Integer call() {
    out().println(line());
    return ExitCode.OK;
  }
}
