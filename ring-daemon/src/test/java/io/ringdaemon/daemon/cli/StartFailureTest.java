package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.daemon.config.ConfigSources;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.ShorthandFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.OverlappingFileLockException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class StartFailureTest {
  @Test
  void thePortInUseIsFoundAmongBoth() throws IOException {
    try (var used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = used.getLocalPort();
      RuntimeException failure =
          new CompletionException(new BindException("Address already in use"));

      assertThat(StartFailure.line(config(port, 0), failure))
          .isEqualTo(
              "HTTP address 127.0.0.1:%d is in use by another process: choose another with --http=HOST:PORT",
              port);
      assertThat(StartFailure.line(config(0, port), failure))
          .isEqualTo(
              "gossip address 127.0.0.1:%d is in use by another process: choose another with --bind=HOST:PORT",
              port);
    }
  }

  @Test
  void aHeldDataDirectoryIsNamed() {
    assertThat(
            StartFailure.line(
                config(0, 0), new IllegalStateException(new OverlappingFileLockException())))
        .isEqualTo(
            "data_dir data is held by another daemon: give this one its own with --data-dir=D");
  }

  @Test
  void otherFailuresSpeakForThemselvesInOneLine() {
    assertThat(
            StartFailure.line(
                config(0, 0), new IllegalStateException("data_dir x is locked\nby pid 7")))
        .isEqualTo("can't start: data_dir x is locked by pid 7");
    assertThat(
            StartFailure.line(config(0, 0), new UncheckedIOException(new IOException("disk full"))))
        .isEqualTo("can't start: disk full");
    assertThat(StartFailure.line(config(0, 0), new IllegalStateException()))
        .isEqualTo("can't start: java.lang.IllegalStateException");
  }

  private static DaemonConfig config(int http, int gossip) {
    var flags =
        new ShorthandFlags(
            Optional.of("n"),
            Optional.of("127.0.0.1:" + gossip),
            Optional.empty(),
            List.of(),
            Optional.of("127.0.0.1:" + http),
            Optional.empty());
    return new ConfigSources(Optional.empty(), false, List.of(), flags).resolve(Map.of());
  }
}
