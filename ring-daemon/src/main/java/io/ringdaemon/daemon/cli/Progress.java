package io.ringdaemon.daemon.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/** One line on a terminal that tells how far long work has come; elsewhere nothing. */
final class Progress {
  private static final String CLEAR_LINE = "\r\033[K";

  private final PrintWriter err;
  private final int total;
  private final boolean shown;
  private int begun;

  Progress(PrintWriter err, int total) {
    this(err, total, Ansi.AUTO.enabled());
  }

  Progress(PrintWriter err, int total, boolean shown) {
    this.err = err;
    this.total = total;
    this.shown = shown;
  }

  /** The next part begins. */
  void next(String what) {
    begun++;
    if (shown) {
      err.print(CLEAR_LINE + Table.printable("%d of %d: %s".formatted(begun, total, what)));
      err.flush();
    }
  }

  /** Makes room for a line, or for the end. */
  void clear() {
    if (shown) {
      err.print(CLEAR_LINE);
      err.flush();
    }
  }
}
