package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.metrics.Metrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Event streams over real sockets. */
@Tag("slow")
@Timeout(30)
final class EventStreamTest {
  private final Metrics metrics = Metrics.unseen();
  private final CompletableFuture<EventStream.Sink> opened = new CompletableFuture<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final EventStream stream =
      sink -> {
        opened.complete(sink);
        return () -> closed.complete("closed");
      };
  private final HttpServer server =
      new HttpServer(
          new Router(CsrfGuard.anyHost(), ErrorPage.plain(), metrics, System::nanoTime)
              .get("/events", request -> Response.events(stream).now()),
          "0.1.0",
          metrics,
          HttpLimits.DEFAULTS.withStreams(1, Duration.ofMillis(200)));
  private InetSocketAddress address;

  @BeforeEach
  void start() {
    address = server.start("127.0.0.1", 0).toCompletableFuture().join();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Socket ask(String version) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write(
            ("GET /events " + version + "\r\nHost: a\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String until(BufferedReader in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      read.append(line).append('\n');
      if (line.equals(end)) {
        return read.toString();
      }
    }
    throw new AssertionError("ended without " + end + ": " + read);
  }

  @Test
  void anEventIsReadAsItIsSentAndCommentsKeepTheConnectionAlive() throws Exception {
    try (Socket socket = ask("HTTP/1.1")) {
      BufferedReader in = reader(socket);

      opened.join().send(new EventStream.Event("7-a\nx", "leader", "one\ntwo"));

      assertThat(until(in, "data: two"))
          .startsWith("HTTP/1.1 200 OK\n")
          .containsIgnoringCase("content-type: text/event-stream\n")
          .containsIgnoringCase("transfer-encoding: chunked\n")
          .contains("id: 7-a x\nevent: leader\ndata: one\ndata: two\n");
      until(in, ":");
    }
  }

  @Test
  void aClientOfHttp10ReadsItWithoutChunks() throws Exception {
    try (Socket socket = ask("HTTP/1.0")) {
      opened.join().send(new EventStream.Event("1", "leader", "x"));

      assertThat(until(reader(socket), "data: x"))
          .doesNotContainIgnoringCase("transfer-encoding")
          .contains("\n\nid: 1\nevent: leader\ndata: x\n");
    }
  }

  @Test
  void aClientThatGoesEndsTheStream() throws Exception {
    Socket socket = ask("HTTP/1.1");
    opened.join();

    socket.close();

    assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
    opened.join().send(new EventStream.Event("1", "leader", "nobody reads this"));
  }

  @Test
  void oneTooManyIsRefusedUntilAnotherGoes() throws Exception {
    try (Socket first = ask("HTTP/1.1")) {
      until(reader(first), "");
      try (Socket second = ask("HTTP/1.1")) {
        assertThat(reader(second).readLine()).isEqualTo("HTTP/1.1 503 Service Unavailable");
      }
    }
    closed.get(10, TimeUnit.SECONDS);
    try (Socket third = ask("HTTP/1.1")) {
      assertThat(reader(third).readLine()).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aClientThatDoesNotReadIsDroppedAndCounted() throws Exception {
    try (Socket socket = ask("HTTP/1.1")) {
      EventStream.Sink sink = opened.join();
      String large = "x".repeat(64 << 10);

      for (int i = 0; i < 10_000 && !closed.isDone(); i++) {
        sink.send(new EventStream.Event("" + i, "leader", large));
        TimeUnit.MICROSECONDS.sleep(200);
      }

      assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
      assertThat(metrics.counter("ring_daemon_http_dropped_streams_total", "").sum()).isEqualTo(1);
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void aServerThatStopsTellsThatThisWasAll() throws Exception {
    try (Socket socket = ask("HTTP/1.1")) {
      opened.join();

      server.stop();

      assertThat(until(reader(socket), "0")).endsWith("\n0\n");
      assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
    }
  }
}
