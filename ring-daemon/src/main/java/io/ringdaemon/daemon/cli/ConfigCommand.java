package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.ConfigCheck;
import io.ringdaemon.daemon.config.ConfigSources;
import io.ringdaemon.daemon.config.ConfigText;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.ShorthandFlags;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code config}: judge or print a configuration without starting anything. */
@Command(
    name = "config",
    description = "Check or print a configuration; asks no daemon, starts nothing.",
    subcommands = {ConfigCommand.Check.class, ConfigCommand.Print.class},
    footer = {
      "",
      "Examples:",
      "  ring-daemon config check ring.yaml",
      "  ring-daemon config print --defaults",
      "",
      "Exit codes: 0 good, 2 refused: each problem with file, line, option and what was expected"
    })
final class ConfigCommand extends CliCommand {
  @Override
  public Integer call() {
    throw new ParameterException(commandLine(), "check or print?");
  }

  /** {@code config check F}. */
  @Command(
      name = "check",
      description = "Say whether \"run\" would accept a file.",
      footer = {
        "",
        "Examples:",
        "  ring-daemon config check ring.yaml",
        "  ring-daemon config check ring.yaml --config.expand-env",
        "",
        "Exit codes: 0 good, 2 refused"
      })
  static final class Check extends CliCommand {
    @Parameters(paramLabel = "F", description = "The YAML file.")
    private Path file;

    @Option(
        names = "--config.expand-env",
        description = "Replace $${VAR} and $${VAR:default} in the file.")
    private boolean expandEnv;

    @Override
    public Integer call() {
      var sources = new ConfigSources(Optional.of(file), expandEnv, List.of(), ShorthandFlags.NONE);
      ConfigCheck.refuseUnstartable(sources.resolve(System.getenv()));
      out().println(file + ": good");
      return ExitCode.OK;
    }
  }

  /** {@code config print}. */
  @Command(
      name = "print",
      description =
          "Print the configuration that \"run\" would use with the same options, as YAML.",
      footer = {
        "",
        "Examples:",
        "  ring-daemon config print --defaults > ring.yaml",
        "  ring-daemon config print --config.file=ring.yaml --diff",
        "",
        "Exit codes: 0 printed, 2 the configuration is refused"
      })
  static final class Print extends CliCommand {
    @Mixin private ConfigOptions config;
    @ArgGroup private Form form = new Form();

    /** At most one of these. */
    static final class Form {
      @Option(names = "--defaults", description = "Only the defaults.")
      private boolean defaults;

      @Option(names = "--diff", description = "Only what differs from the defaults.")
      private boolean difference;
    }

    @Override
    public Integer call() {
      DaemonConfig shown = form.defaults ? DaemonConfig.DEFAULTS : config.resolve();
      String text = form.difference ? ConfigText.difference(shown) : ConfigText.whole(shown);
      out().print(text);
      out().flush();
      return ExitCode.OK;
    }
  }
}
