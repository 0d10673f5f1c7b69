package io.ringdaemon.daemon.cli;

/** What the exit codes of every command mean. */
final class ExitCode {
  static final int OK = 0;

  /** The answer is "no": not found, nobody leads; of {@code run}: it could not start. */
  static final int NO = 1;

  static final int USAGE = 2;

  /** The daemon can't be reached, is silent, or something else answers there. */
  static final int UNREACHABLE = 3;

  /** Of {@code lead}, as of shells: the command isn't there or may not be run. */
  static final int NO_COMMAND = 127;

  /** Of {@code lead}, as of shells: ended by a signal; the signal's number is added. */
  static final int SIGNALLED = 128;

  private ExitCode() {}
}
