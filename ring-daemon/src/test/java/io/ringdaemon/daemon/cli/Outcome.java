package io.ringdaemon.daemon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command printed and how it ended. */
record Outcome(int code, String out, String err) {
  static Outcome of(String... args) {
    return of(Main.newCommandLine(), args);
  }

  static Outcome of(CommandLine line, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(args);
    return new Outcome(code, out.toString(), err.toString());
  }
}
