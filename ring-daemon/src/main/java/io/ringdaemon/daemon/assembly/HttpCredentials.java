package io.ringdaemon.daemon.assembly;

import io.netty.handler.ssl.SslContext;
import io.ringdaemon.daemon.config.HttpFiles;
import io.ringdaemon.gossip.mesh.security.TlsCredentials;
import io.ringdaemon.web.http.Accounts;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Certificates and accounts of HTTP. Their files are looked at every 10 s, and at SIGHUP; new
 * connections and requests use what is new. Files that can't be used change nothing: what was in
 * use stays so, and {@link #alerts} says it until they are mended.
 *
 * <p><b>Threading:</b> any thread; files are read on one of its own.
 */
final class HttpCredentials {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon");
  private static final long PERIOD_SECONDS = 10;
  private static final Duration SOON = Duration.ofDays(7);

  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "http-files");
            thread.setDaemon(true);
            return thread;
          });
  private volatile HttpFiles files;
  private volatile HttpFiles.Loaded loaded;
  private volatile String failure = "";
  private volatile Runnable onAccounts = () -> {};

  /** Reads the files; throws {@code IllegalArgumentException} if they can't be used. Blocks. */
  HttpCredentials(HttpFiles files) {
    this.files = files;
    this.loaded = files.load();
    var unused = // ends with the executor
        looking.scheduleWithFixedDelay(
            this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** Calls {@code changed} when other people may look or change. */
  void listen(Runnable changed) {
    onAccounts = changed;
  }

  Optional<SslContext> tls() {
    return loaded.tls().map(TlsCredentials::server);
  }

  Accounts accounts() {
    return loaded.accounts();
  }

  /** Uses what was read from other files. */
  synchronized void use(HttpFiles next, HttpFiles.Loaded content) {
    boolean same = next.equals(files) && content.stamp().equals(loaded.stamp());
    files = next;
    loaded = content;
    failure = "";
    if (same) {
      return;
    }
    if (next.any()) {
      LOG.log(
          Level.INFO,
          "http uses {0}; {1}",
          content.tls().map(TlsCredentials::told).orElse("no TLS"),
          content.accounts());
    }
    onAccounts.run();
  }

  private void look() {
    HttpFiles watched = files;
    try {
      if (!watched.any() || watched.stamp().equals(loaded.stamp())) {
        return;
      }
      HttpFiles.Loaded content = watched.load();
      if (watched.equals(files)) {
        use(watched, content);
      }
    } catch (RuntimeException unusable) { // whatever it is, what was read stays
      String why = String.valueOf(unusable.getMessage());
      if (!why.equals(failure)) {
        failure = why;
        LOG.log(Level.WARNING, "{0}; what was read before stays in use", why);
      }
    }
  }

  /** Why credentials can't be renewed, or are about to end, a sentence each. */
  List<String> alerts(Instant now) {
    List<String> alerts = new ArrayList<>();
    if (!failure.isEmpty()) {
      alerts.add(failure + ": what was read before stays in use for HTTP, mend the file");
    }
    loaded
        .tls()
        .map(TlsCredentials::notAfter)
        .filter(end -> end.isBefore(now.plus(SOON)))
        .ifPresent(
            end ->
                alerts.add(
                    "the TLS certificate of HTTP %s at %s: renew server.tls_cert_path"
                        .formatted(end.isBefore(now) ? "ended" : "ends", end)));
    return alerts;
  }

  void stop() {
    looking.shutdownNow();
  }
}
