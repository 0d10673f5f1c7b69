package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.assembly.Daemon;
import io.ringdaemon.daemon.config.ConfigSources;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.ShorthandFlags;
import io.ringdaemon.daemon.local.LogFormat;
import io.ringdaemon.daemon.local.LogLevel;
import io.ringdaemon.daemon.local.LogSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;

/**
 * Uses every part once, two daemons on free loopback ports and the commands that ask them, so that
 * the launcher can archive the classes they need: also those of a leader that leaves and of the one
 * that follows, which would else be loaded while nobody leads. Ends normally after at most {@link
 * #LONGEST_SECONDS}, whatever fails.
 */
public final class Warmup {
  private static final long LONGEST_SECONDS = 30;
  private static final List<String> SETTINGS = List.of("rings.default.tokens_observe_period=100ms");
  private static final List<String> LOOKS =
      List.of("/", "/ring", "/ring?key=some", "/memberlist", "/metrics", "/ready");

  private Warmup() {}

  /** Takes a directory for the daemons' data. */
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
    Daemon one = Daemon.start(config("one", args[0], List.of()));
    Daemon other = Daemon.start(config("other", args[0], List.of(one.gossipAddress())));
    while (!ready(one) || !ready(other) || !(leads(one) || leads(other))) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    Daemon first = leads(one) ? one : other;
    use(first);
    leave(first);
    Daemon second = first == one ? other : one;
    while (!leads(second)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    leave(second);
    System.exit(0);
  }

  private static void leave(Daemon daemon) {
    daemon.leave();
    daemon.awaitStop();
  }

  private static void use(Daemon daemon) {
    String url = "--url=http://" + daemon.httpAddress();
    for (String command :
        List.of("rings", "members", "ring default", "owners default key", "leader default")) {
      quietly((command + " " + url).split(" "));
    }
    quietly("config", "print", "--diff");
    quietly("run", "--help");
    quietly("forget", "default", "nobody", url);
    LOOKS.forEach(path -> status(daemon, path));
  }

  private static boolean ready(Daemon daemon) {
    return status(daemon, "/ready") == 200;
  }

  private static boolean leads(Daemon daemon) {
    return status(daemon, "/leader") == 200;
  }

  private static int status(Daemon daemon, String path) {
    try {
      var connection =
          (HttpURLConnection)
              URI.create("http://" + daemon.httpAddress() + path).toURL().openConnection();
      int status = connection.getResponseCode();
      if (status == 200) {
        connection.getInputStream().readAllBytes();
      }
      connection.disconnect();
      return status;
    } catch (IOException failed) {
      return 0;
    }
  }

  private static DaemonConfig config(String name, String directory, List<String> seeds) {
    var flags =
        new ShorthandFlags(
            Optional.of(name),
            Optional.of("127.0.0.1:0"),
            Optional.empty(),
            seeds,
            Optional.of("127.0.0.1:0"),
            Optional.of(directory + "/" + name));
    return new ConfigSources(Optional.empty(), false, SETTINGS, flags).resolve(Map.of());
  }

  private static void quietly(String... args) {
    CommandLine line = Main.newCommandLine();
    line.setOut(new PrintWriter(Writer.nullWriter()));
    line.setErr(new PrintWriter(Writer.nullWriter()));
    line.execute(args);
  }
}
