package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.assembly.Daemon;
import io.ringdaemon.daemon.config.ConfigSources;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.ShorthandFlags;
import io.ringdaemon.daemon.local.LogFormat;
import io.ringdaemon.daemon.local.LogLevel;
import io.ringdaemon.daemon.local.LogSetup;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;

/**
 * Uses every part once, a daemon alone on free loopback ports and the commands that ask it, so that
 * the launcher can archive the classes they need. Ends normally after at most {@link
 * #LONGEST_SECONDS}, whatever fails.
 */
public final class Warmup {
  private static final long LONGEST_SECONDS = 20;

  private Warmup() {}

  /** Takes a directory for the daemon's data. */
  public static void main(String[] args) {
    var limit =
        new Thread(
            () -> {
              LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(LONGEST_SECONDS));
              System.exit(0);
            });
    limit.setDaemon(true);
    limit.start();
    LogSetup.start(LogLevel.INFO, LogFormat.TEXT, System.err);
    Daemon daemon = Daemon.start(config(args[0]));
    String url = "--url=http://" + daemon.httpAddress();
    for (String command :
        List.of("rings", "members", "ring default", "owners default key", "leader default")) {
      quietly((command + " " + url).split(" "));
    }
    quietly("config", "print", "--diff");
    quietly("run", "--help");
    quietly("forget", "default", "nobody", url);
    daemon.leave();
    daemon.awaitStop();
    System.exit(0);
  }

  private static DaemonConfig config(String directory) {
    var flags =
        new ShorthandFlags(
            Optional.of("warmup"),
            Optional.of("127.0.0.1:0"),
            Optional.empty(),
            List.of(),
            Optional.of("127.0.0.1:0"),
            Optional.of(directory));
    return new ConfigSources(Optional.empty(), false, List.of(), flags).resolve(Map.of());
  }

  private static void quietly(String... args) {
    CommandLine line = Main.newCommandLine();
    line.setOut(new PrintWriter(Writer.nullWriter()));
    line.setErr(new PrintWriter(Writer.nullWriter()));
    line.execute(args);
  }
}
