package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.assembly.Daemon;
import io.ringdaemon.daemon.config.ConfigCheck;
import io.ringdaemon.daemon.config.ConfigException;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.local.LogFormat;
import io.ringdaemon.daemon.local.LogLevel;
import io.ringdaemon.daemon.local.LogSetup;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code run}: the daemon itself, until it is told to leave. Logs go to standard error, nothing to
 * standard output.
 */
@Command(
    name = "run",
    description =
        "Run the daemon until SIGTERM or Ctrl-C (leaves cleanly) or \"ring-daemon leave\". SIGHUP"
            + " reloads log level, seeds, cluster label, certificates, keys and kvstore.multi.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  ring-daemon run",
      "  ring-daemon run --config.file=ring.yaml --join=10.0.0.1:7946 --set rings.api.num_tokens=1",
      "",
      "Exit codes: 0 left cleanly, 1 could not start or failed, 2 wrong options or configuration,",
      "            130 or 143 ended at once by a second signal more than 1 s after the first"
    })
final class RunCommand extends CliCommand {

  @Mixin private ConfigOptions config;

  @Option(
      names = "--log.level",
      paramLabel = "LEVEL",
      description = "${COMPLETION-CANDIDATES}; instead of server.log_level (default: info).")
  private Optional<LogLevel> logLevel = Optional.empty();

  @Option(
      names = "--log.format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: text).")
  private LogFormat logFormat;

  @Override
  public Integer call() {
    DaemonConfig resolved = resolve();
    ConfigCheck.refuseUnstartable(resolved);
    LogSetup.start(resolved.server().logLevel(), logFormat, System.err);
    var stop = new StopOnSignal();
    stop.watch();
    var reload = new ReloadOnSignal(this::resolve);
    reload.watch();
    Daemon daemon = start(resolved);
    stop.started(daemon);
    reload.started(daemon);
    daemon.awaitStop();
    return ExitCode.OK;
  }

  private DaemonConfig resolve() {
    return config.resolve(logLevel.map(level -> "server.log_level=" + level).stream().toList());
  }

  private static Daemon start(DaemonConfig config) {
    try {
      return Daemon.start(config);
    } catch (ConfigException refused) {
      throw refused;
    } catch (RuntimeException failure) {
      throw new CommandFailure(ExitCode.NO, StartFailure.line(config, failure));
    }
  }
}
