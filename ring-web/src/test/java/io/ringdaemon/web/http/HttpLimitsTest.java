package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.metrics.Metrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** gzip, conditions, errors below the routes, and answers that nobody takes; by real sockets. */
@Tag("slow")
@Timeout(30)
final class HttpLimitsTest {
  private static final String LONG = "0123456789abcdef".repeat(1 << 12);

  /** More than the kernel takes from a server whose client doesn't read. */
  private static final String HUGE = LONG.repeat(256);

  private final Metrics metrics = Metrics.unseen();
  private final Router router =
      new Router(CsrfGuard.anyHost(), ErrorPage.plain(), metrics, System::nanoTime)
          .get("/short", request -> Response.text(200, "short").now())
          .get("/long", request -> Response.text(200, LONG).with("ETag", "\"one\"").now())
          .get("/huge", request -> Response.text(200, HUGE).now())
          .get(
              "/events",
              request ->
                  Response.events(
                          sink -> {
                            sink.send(new EventStream.Event("", "ring", LONG));
                            return () -> {};
                          })
                      .now());
  private HttpServer server;
  private InetSocketAddress address;

  private void start(HttpLimits limits) {
    server = new HttpServer(router, "0.1.0", metrics, limits);
    address = server.start("127.0.0.1", 0).toCompletableFuture().join();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private byte[] talk(String text) throws IOException {
    try (Socket socket = send(text)) {
      return socket.getInputStream().readAllBytes();
    }
  }

  private static String get(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + String.join("", headers) + "\r\n";
  }

  private static String head(byte[] answer) {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    return text.substring(0, text.indexOf("\r\n\r\n") + 4);
  }

  private static final String GZIP = "Accept-Encoding: gzip\r\n";
  private static final String LAST = "Connection: close\r\n";

  @Test
  void longAnswersArePackedForWhoeverTakesThat() throws Exception {
    start(HttpLimits.DEFAULTS);
    byte[] packed = talk(get("/long", GZIP, LAST));
    int body = head(packed).length();
    InputStream inner =
        new GZIPInputStream(new ByteArrayInputStream(packed, body, packed.length - body));

    assertThat(head(packed))
        .containsIgnoringCase("content-encoding: gzip\r\n")
        .containsIgnoringCase("vary: Accept, Accept-Encoding\r\n")
        .containsIgnoringCase("content-length: " + (packed.length - body) + "\r\n");
    assertThat(packed.length).isLessThan(LONG.length() / 10);
    assertThat(new String(inner.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(LONG);
    assertThat(talk(get("/long", LAST)).length).isGreaterThan(LONG.length());
  }

  @Test
  void shortAnswersAndStreamsAreNotPacked() throws Exception {
    start(HttpLimits.DEFAULTS);

    assertThat(head(talk(get("/short", GZIP, LAST)))).doesNotContainIgnoringCase("encoding: gzip");
    try (Socket socket = send(get("/events", GZIP))) {
      byte[] begun = socket.getInputStream().readNBytes(2000);
      assertThat(head(begun)).doesNotContainIgnoringCase("gzip");
      assertThat(new String(begun, StandardCharsets.UTF_8)).contains("data: 0123456789");
    }
  }

  @Test
  void packedAnswersOfPipelinedRequestsKeepTheirOrder() throws Exception {
    start(HttpLimits.DEFAULTS);
    String all =
        new String(
            talk(get("/short") + get("/long", GZIP) + get("/short", GZIP, LAST)),
            StandardCharsets.ISO_8859_1);

    assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(4);
    assertThat(all).containsOnlyOnce("gzip").endsWith("\r\n\r\nshort");
  }

  @Test
  void whoHasItAlreadyGetsNoBody() throws Exception {
    start(HttpLimits.DEFAULTS);
    String answer =
        new String(
            talk(get("/long", GZIP, "If-None-Match: \"one\"\r\n", LAST)), StandardCharsets.UTF_8);

    assertThat(answer).startsWith("HTTP/1.1 304 ").endsWith("\r\n\r\n").contains("\"one\"");
    assertThat(answer).doesNotContainIgnoringCase("content-length");
  }

  @Test
  void errorsBelowTheRoutesAreProblemsToo() throws Exception {
    start(HttpLimits.DEFAULTS);

    assertThat(new String(talk("GET / HTTP/1.1\r\n\r\n"), StandardCharsets.UTF_8))
        .startsWith("HTTP/1.1 400 ")
        .containsIgnoringCase("content-type: application/problem+json\r\n")
        .endsWith(
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                + "\"detail\":\"a request has one Host header\"}\n");
  }

  @Test
  void whileSlowReadersHoldTooMuchLongAnswersAreRefusedAndShortOnesAreNot() throws Exception {
    start(HttpLimits.DEFAULTS.withUnsent(1 << 20));
    try (Socket slow = send(get("/huge"))) {
      slow.getInputStream().readNBytes(10);

      String refused = new String(talk(get("/huge", LAST)), StandardCharsets.UTF_8);
      assertThat(refused).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 5\r\n");
      assertThat(new String(talk(get("/short", LAST)), StandardCharsets.UTF_8)).endsWith("short");
      slow.getInputStream().skipNBytes(HUGE.length());
    }
    assertThat(talk(get("/huge", LAST)).length).isGreaterThan(HUGE.length());
  }

  @Test
  void streamsEndWhenThoseWhoMayLookHaveChanged() throws Exception {
    start(HttpLimits.DEFAULTS);
    try (Socket socket = send(get("/events"))) {
      socket.getInputStream().readNBytes(2000);
      server.renewStreams();

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("0\r\n\r\n");
    }
  }
}
