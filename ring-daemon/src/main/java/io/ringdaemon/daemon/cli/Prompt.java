package io.ringdaemon.daemon.cli;

import java.io.Console;
import java.util.Optional;

/** A question to whoever sits at the terminal. */
interface Prompt {
  /** What was answered; nothing if there is no terminal, or its input ended. */
  Optional<String> ask(String question);

  /** The terminal of this process. */
  static Prompt terminal() {
    return question -> terminalConsole().map(console -> console.readLine("%s", question));
  }

  /** What was typed unseen; nothing if there is no terminal, or its input ended. */
  static Optional<char[]> secret(String question) {
    return terminalConsole().map(console -> console.readPassword("%s", question));
  }

  /**
   * Until Java 21 there is a console only on a terminal; since 22 always, and it knows whether it
   * is on one.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static Optional<Console> terminalConsole() {
    Optional<Console> console = Optional.ofNullable(System.console());
    try {
      var isTerminal = Console.class.getMethod("isTerminal");
      return console.isPresent() && (Boolean) isTerminal.invoke(console.get())
          ? console
          : Optional.empty();
    } catch (ReflectiveOperationException before22) {
      return console;
    }
  }
}
