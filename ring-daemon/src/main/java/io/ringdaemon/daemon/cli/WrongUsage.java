package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.NearMiss;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Answers a command line that can't be understood: what is wrong, the likely meaning, where the
 * help is.
 */
final class WrongUsage {
  private WrongUsage() {}

  static int tell(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    String meant = meant(wrong).map(name -> ", did you mean \"" + name + "\"?").orElse("");
    err.println("ring-daemon: " + problem(wrong) + meant);
    err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USAGE;
  }

  private static String problem(ParameterException wrong) {
    Optional<String> word = unmatched(wrong);
    if (word.isEmpty()) {
      return String.valueOf(wrong.getMessage()).replaceAll("\\R\\s*", " ");
    }
    if (word.get().startsWith("-")) {
      return "unknown option " + word.get();
    }
    boolean command = !wrong.getCommandLine().getSubcommands().isEmpty();
    return (command ? "unknown command " : "one word too many: ") + word.get();
  }

  private static Optional<String> meant(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    return unmatched(wrong)
        .flatMap(
            word -> {
              boolean option = word.startsWith("-");
              String name = option ? word.split("=", 2)[0] : word;
              return NearMiss.of(
                  name, option ? options(command) : command.getSubcommands().keySet());
            });
  }

  private static Optional<String> unmatched(ParameterException wrong) {
    List<String> words =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getUnmatched()
            : List.of();
    return words.stream().findFirst();
  }

  private static Collection<String> options(CommandLine command) {
    var names = new ArrayList<String>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      names.addAll(List.of(option.names()));
    }
    return names;
  }
}
