package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.HostPort;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Holds the place of the daemon until its parts are there: starts nothing, stops when told to
 * leave.
 */
public final class Daemon {
  private final DaemonConfig config;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private Daemon(DaemonConfig config) {
    this.config = config;
  }

  public static Daemon start(DaemonConfig config) {
    return new Daemon(config);
  }

  public String httpAddress() {
    return new HostPort(config.server().httpListenAddress(), config.server().httpListenPort())
        .toString();
  }

  public String gossipAddress() {
    return new HostPort(config.memberlist().bindAddr(), config.memberlist().bindPort()).toString();
  }

  public CompletionStage<Void> leave() {
    stopped.complete(null);
    return stopped;
  }

  public void awaitStop() {
    stopped.join();
  }
}
