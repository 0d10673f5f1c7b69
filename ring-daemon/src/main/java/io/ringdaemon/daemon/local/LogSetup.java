package io.ringdaemon.daemon.local;

import java.io.PrintStream;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Starts java.util.logging, where slf4j and System.Logger end too: a line a record on one stream,
 * no properties file.
 */
public final class LogSetup {
  /**
   * Below what level which library is silent; held here because java.util.logging forgets unheld
   * loggers.
   */
  private static final List<Logger> QUIET =
      List.of(
          Logger.getLogger("io.scalecube"),
          Logger.getLogger("io.etcd"), // each failed try; the store tells what matters, once
          Logger.getLogger("io.grpc"));

  /** Who changed what is logged whatever the level. */
  private static final Logger AUDIT = Logger.getLogger("io.ringdaemon.audit");

  private LogSetup() {}

  /** Logs from {@code level} on to {@code out}. */
  public static void start(LogLevel level, LogFormat format, PrintStream out) {
    LogManager.getLogManager().reset();
    level(level);
    Logger root = Logger.getLogger("");
    root.addHandler(new LineHandler(out, format.formatter()));
    QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    AUDIT.setLevel(Level.INFO);
  }

  /** Logs from {@code level} on; any time. */
  public static void level(LogLevel level) {
    Logger.getLogger("").setLevel(level.julLevel());
  }

  /** Writes each record at once, so that nothing is lost however the process ends. */
  private static final class LineHandler extends Handler {
    private final PrintStream out;

    LineHandler(PrintStream out, Formatter formatter) {
      this.out = out;
      setFormatter(formatter);
    }

    @Override
    public void publish(LogRecord record) {
      if (isLoggable(record)) {
        out.print(getFormatter().format(record));
        out.flush();
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      out.flush();
    }
  }
}
