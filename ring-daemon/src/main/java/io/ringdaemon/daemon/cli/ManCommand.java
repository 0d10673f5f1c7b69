package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.NearMiss;
import io.ringdaemon.daemon.config.Version;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

/** {@code man [COMMAND]}: the manual page of a command, made of what its help says. */
@Command(
    name = "man",
    description = "Print a manual page, for man and for packages.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon man forget | man -l -",
      "  ring-daemon man > /usr/local/share/man/man1/ring-daemon.1",
      "",
      "Exit codes: 0 printed, 2 no such command"
    })
final class ManCommand extends CliCommand {
  @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "Default: the program itself.")
  private Optional<String> command = Optional.empty();

  @Override
  public Integer call() {
    CommandLine all = Main.newCommandLine();
    CommandLine shown =
        command.isEmpty()
            ? all
            : Optional.ofNullable(all.getSubcommands().get(command.get()))
                .orElseThrow(() -> unknown(all));
    out().print(page(shown));
    out().flush();
    return ExitCode.OK;
  }

  private CommandFailure unknown(CommandLine all) {
    String name = command.orElse("");
    String meant =
        NearMiss.of(name, all.getSubcommands().keySet())
            .map(near -> ", did you mean \"" + near + "\"?")
            .orElse("; \"ring-daemon --help\" lists them");
    return new CommandFailure(ExitCode.USAGE, "no command " + Table.printable(name) + meant);
  }

  private static String page(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    String name = spec.qualifiedName("-");
    var page = new StringBuilder();
    page.append(".TH %s 1 \"\" \"ring-daemon %s\"\n".formatted(upper(name), Version.text()));
    String purpose = String.join(" ", spec.usageMessage().description());
    page.append(".SH NAME\n").append(escaped(name + " - " + purpose)).append('\n');
    CommandLine.Help help =
        new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(Ansi.OFF));
    unfilled(page, "SYNOPSIS", help.synopsis(0));
    arguments(page, "ARGUMENTS", spec.positionalParameters());
    arguments(page, "OPTIONS", spec.options());
    if (!line.getSubcommands().isEmpty()) {
      unfilled(page, "COMMANDS", help.commandList());
    }
    unfilled(page, "NOTES", help.footer());
    return page.toString();
  }

  private static void arguments(
      StringBuilder page, String title, Iterable<? extends ArgSpec> arguments) {
    if (!arguments.iterator().hasNext()) {
      return;
    }
    page.append(".SH ").append(title).append('\n');
    for (ArgSpec argument : arguments) {
      page.append(".TP\n\\fB").append(escaped(named(argument))).append("\\fR\n");
      page.append(escaped(String.join(" ", argument.description()))).append('\n');
    }
  }

  private static String named(ArgSpec argument) {
    if (argument instanceof PositionalParamSpec) {
      return argument.paramLabel();
    }
    String names = String.join(", ", ((OptionSpec) argument).names());
    return argument.arity().max() == 0 ? names : names + "=" + argument.paramLabel();
  }

  private static void unfilled(StringBuilder page, String title, String text) {
    if (!text.isBlank()) {
      page.append(".SH ").append(title).append("\n.nf\n");
      text.strip().lines().forEach(line -> page.append(escaped(line)).append('\n'));
      page.append(".fi\n");
    }
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  /** A backslash or a hyphen as it stands, and no line that roff takes for a request. */
  private static String escaped(String text) {
    String safe = text.replace("\\", "\\e").replace("-", "\\-");
    return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
  }
}
