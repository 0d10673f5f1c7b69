package io.ringdaemon.daemon.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.ringdaemon.daemon.config.CheckConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets and commands. */
@Tag("slow")
@Timeout(60)
class ProbesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static String ask(String http, String tcp, List<String> exec, Duration limit)
      throws Exception {
    CheckConfig check = new CheckConfig(http, tcp, exec, LONG, LONG, 3, 1);
    return Probes.of(check, Map.of("RING", "default"))
        .ask(limit)
        .toCompletableFuture()
        .get(50, TimeUnit.SECONDS);
  }

  @Test
  void httpIsWellWithAnyStatusOfSuccess() throws Exception {
    AtomicInteger status = new AtomicInteger(204);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/ready";
    try {
      assertThat(ask(url, "", List.of(), LONG)).isEmpty();
      status.set(503);
      assertThat(ask(url, "", List.of(), LONG)).isEqualTo("status 503");
      status.set(302);
      assertThat(ask(url, "", List.of(), LONG)).isEqualTo("status 302");
    } finally {
      server.stop(0);
    }
    assertThat(ask(url, "", List.of(), LONG)).isEqualTo("connection refused");
  }

  @Test
  void whatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      assertThat(ask(url, "", List.of(), SHORT)).isEqualTo("no answer within 300 ms");
    }
    assertThat(ask("", "", List.of("sleep", "60"), SHORT)).isEqualTo("did not end within 300 ms");
  }

  @Test
  void tcpIsWellWhenItCanBeConnectedTo() throws Exception {
    int port;
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      port = listening.getLocalPort();
      assertThat(ask("", "127.0.0.1:" + port, List.of(), LONG)).isEmpty();
    }
    assertThat(ask("", "127.0.0.1:" + port, List.of(), LONG)).isEqualTo("connection refused");
  }

  @Test
  void execIsWellWhenItEndsWithZero() throws Exception {
    assertThat(ask("", "", List.of("sh", "-c", "test $RING = default"), LONG)).isEmpty();
    assertThat(ask("", "", List.of("sh", "-c", "echo disk full; exit 4"), LONG))
        .isEqualTo("exit code 4: disk full");
  }
}
