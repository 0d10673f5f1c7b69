package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.DaemonConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.OverlappingFileLockException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in one line why the daemon did not start, and what to do. */
final class StartFailure {
  private static final int LONGEST_CHAIN = 20;

  private StartFailure() {}

  static String line(DaemonConfig config, RuntimeException failure) {
    if (find(failure, BindException.class).isPresent()) {
      Optional<String> busy = busy(config);
      if (busy.isPresent()) {
        return busy.get();
      }
    }
    if (find(failure, OverlappingFileLockException.class).isPresent()) {
      return "data_dir "
          + config.dataDir()
          + " is held by another daemon: give this one its own with --data-dir=D";
    }
    return "can't start: " + message(failure);
  }

  /** Netty's exception does not say which address it was, so both are tried again. */
  private static Optional<String> busy(DaemonConfig config) {
    Optional<String> http =
        refused(
            "HTTP",
            "--http",
            config.server().httpListenAddress(),
            config.server().httpListenPort());
    return http.isPresent()
        ? http
        : refused(
            "gossip", "--bind", config.memberlist().bindAddr(), config.memberlist().bindPort());
  }

  private static Optional<String> refused(String what, String flag, String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return Optional.empty();
    } catch (BindException refused) {
      boolean used = String.valueOf(refused.getMessage()).contains("in use");
      String reason =
          used ? "is in use by another process" : "can't be bound (" + refused.getMessage() + ")";
      return Optional.of(
          what
              + " address "
              + host
              + ":"
              + port
              + " "
              + reason
              + ": choose another with "
              + flag
              + "=HOST:PORT");
    } catch (IOException other) {
      return Optional.of(
          what + " address " + host + ":" + port + " can't be bound: " + other.getMessage());
    }
  }

  private static String message(Throwable failure) {
    Throwable told = failure;
    for (int i = 0; i < LONGEST_CHAIN && saysOnlyItsCause(told) && told.getCause() != null; i++) {
      told = told.getCause();
    }
    String text = told.getMessage();
    return (text == null ? told.toString() : text).replaceAll("\\R\\s*", " ");
  }

  private static boolean saysOnlyItsCause(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null
        && (failure.getMessage() == null || failure.getMessage().equals(cause.toString()));
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> kind) {
    @Nullable Throwable at = failure;
    for (int i = 0; i < LONGEST_CHAIN && at != null; i++, at = at.getCause()) {
      if (kind.isInstance(at)) {
        return Optional.of(kind.cast(at));
      }
    }
    return Optional.empty();
  }
}
