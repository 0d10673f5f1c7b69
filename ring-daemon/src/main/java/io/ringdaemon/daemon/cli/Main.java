package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.ConfigException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The program: reads the command line and runs one command. */
@Command(
    name = "ring-daemon",
    synopsisSubcommandLabel = "COMMAND",
    description = "Keeps hash rings by gossip: who owns a key, and who leads, without a quorum.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  ring-daemon run                       one node with the ring \"default\"",
      "  ring-daemon ring default              who is in the ring",
      "",
      "\"ring-daemon COMMAND --help\" tells a command's options and exit codes."
    },
    subcommands = {
      RunCommand.class,
      RingsCommand.class,
      MembersCommand.class,
      RingCommand.class,
      OwnersCommand.class,
      LeaderCommand.class,
      EventsCommand.class,
      ResignCommand.class,
      LeadCommand.class,
      ForgetCommand.class,
      ReadOnlyCommand.class,
      JoinCommand.class,
      LeaveCommand.class,
      ConfigCommand.class,
      KeygenCommand.class,
      MigrateCommand.class,
      DebugCommand.class,
      CompletionCommand.class,
      ManCommand.class,
      VersionCommand.class
    })
public final class Main extends CliCommand {
  /** Runs the command in {@code args} and ends the process with its exit code. */
  public static void main(String[] args) {
    if (args.length == 1 && (args[0].equals("version") || args[0].equals("--version"))) {
      System.out.println(VersionCommand.line()); // without waking picocli: a third of the time
      return;
    }
    int code = newCommandLine().execute(args);
    System.out.flush();
    System.exit(code);
  }

  static CommandLine newCommandLine() {
    return configured(new CommandLine(new Main()));
  }

  static CommandLine configured(CommandLine line) {
    line.setCaseInsensitiveEnumValuesAllowed(true);
    separateLists(line);
    line.setUsageHelpWidth(100);
    line.setUsageHelpLongOptionsMaxWidth(34);
    line.setParameterExceptionHandler((wrong, args) -> WrongUsage.tell(wrong));
    line.setExecutionExceptionHandler((failure, command, result) -> fail(failure, command));
    return line;
  }

  private static void separateLists(CommandLine line) {
    line.getCommandSpec().usageMessage().parameterListHeading("%n").optionListHeading("%n");
    line.getSubcommands().values().forEach(Main::separateLists);
  }

  /** Without a command: the help, as an error. */
  @Override
  public Integer call() {
    throw new ParameterException(commandLine(), "which command?");
  }

  private static int fail(Exception failure, CommandLine command) throws Exception {
    PrintWriter err = command.getErr();
    if (failure instanceof CommandFailure known) {
      err.println("ring-daemon: " + known.getMessage());
      err.flush();
      return known.exitCode();
    }
    if (failure instanceof ConfigException config) {
      config.problems().forEach(problem -> err.println("ring-daemon: " + problem));
      err.flush();
      return ExitCode.USAGE;
    }
    throw failure;
  }
}
