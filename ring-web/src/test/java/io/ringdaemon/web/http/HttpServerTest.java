package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets, each with a time limit on every read. */
@Tag("slow")
@Timeout(30)
final class HttpServerTest {
  private final Metrics metrics = Metrics.unseen();
  private final CompletableFuture<Response> late = new CompletableFuture<>();
  private final Router router =
      new Router(CsrfGuard.anyHost(), ErrorPage.plain(), metrics, System::nanoTime)
          .get("/", request -> Response.text(200, "hello").now())
          .get("/{name}/echo", request -> Response.text(200, request.pathParam("name")).now())
          .get("/late", request -> late)
          .get("/header", request -> Response.text(200, "").with("X-Name", "a\r\nB: c\u20ac").now())
          .post("/size", request -> Response.text(200, "size " + request.body().length()).now());
  private HttpServer server;
  private InetSocketAddress address;

  private void start(HttpLimits limits) {
    server = new HttpServer(router, "0.1.0", metrics, limits);
    address = server.start("127.0.0.1", 0).toCompletableFuture().join();
  }

  private void start() {
    start(HttpLimits.DEFAULTS);
  }

  @AfterEach
  void stop() throws Exception {
    late.cancel(false);
    server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Socket open() throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** Sends {@code text} and reads until the server closes. */
  private String talk(String text) throws IOException {
    try (Socket socket = open()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + String.join("", headers) + "\r\n";
  }

  private static String last(String path) {
    return get(path, "Connection: close\r\n");
  }

  private long bad() {
    return metrics.counter("ring_daemon_http_bad_requests_total", "").sum();
  }

  @Test
  void everyResponseHasTheHeadersThatProtectIt() throws Exception {
    start();

    assertThat(talk(last("/")))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("x-ring-daemon: 0.1.0\r\n")
        .containsIgnoringCase("content-length: 5\r\n")
        .containsIgnoringCase("cache-control: no-store\r\n")
        .contains("X-Content-Type-Options: nosniff")
        .contains("frame-ancestors 'none'")
        .endsWith("\r\n\r\nhello");
  }

  @Test
  void headIsGetWithoutABody() throws Exception {
    start();

    assertThat(talk(last("/").replace("GET", "HEAD")))
        .containsIgnoringCase("content-length: 5\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderEvenIfTheFirstIsSlow() throws Exception {
    start();
    StringBuilder requests = new StringBuilder(get("/late"));
    for (int i = 0; i < 100; i++) {
      requests.append(get("/n" + i + "/echo"));
    }
    try (Socket socket = open()) {
      socket
          .getOutputStream()
          .write(requests.append(last("/end/echo")).toString().getBytes(StandardCharsets.UTF_8));
      late.complete(Response.text(200, "first"));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      String[] expected = new String[102];
      expected[0] = "\r\n\r\nfirst";
      for (int i = 0; i < 100; i++) {
        expected[i + 1] = "\r\n\r\nn" + i + "HTTP";
      }
      expected[101] = "\r\n\r\nend";
      assertThat(answer).containsSubsequence(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000 this is TLS\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nbroken header\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /size HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void malformedRequestIsRefusedCountedAndTheServerLivesOn(String request) throws Exception {
    start();

    assertThat(talk(request)).startsWith("HTTP/1.1 400 ");
    assertThat(bad()).isEqualTo(1);
    assertThat(talk(last("/"))).endsWith("hello");
  }

  @Test
  void randomBytesEndNothing() throws Exception {
    start();
    Random chance = new Random(3);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[chance.nextInt(4000) + 1];
      chance.nextBytes(garbage);
      try (Socket socket = open()) {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
        drain(socket.getInputStream());
      }
    }

    assertThat(talk(last("/"))).endsWith("hello");
  }

  private static void drain(InputStream in) {
    try {
      in.readAllBytes();
    } catch (IOException e) {
      // a reset is an answer too
    }
  }

  @Test
  void longLinesAndHeadersHaveTheirOwnStatus() throws Exception {
    start();

    assertThat(talk(get("/" + "x".repeat(9000)))).startsWith("HTTP/1.1 414 ");
    assertThat(talk(get("/", "X-Long: " + "x".repeat(17_000) + "\r\n")))
        .startsWith("HTTP/1.1 431 ");
  }

  @Test
  void tenMegabytesAreRefusedAndTheClientCanReadWhy() throws Exception {
    start();
    String head = "POST /size HTTP/1.1\r\nHost: a\r\n";
    String body = "x".repeat(10 << 20);

    assertThat(talk(head + "Content-Length: " + body.length() + "\r\n\r\n" + body))
        .startsWith("HTTP/1.1 413 ");
    assertThat(
            talk(
                head
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length())
                    + "\r\n"
                    + body))
        .startsWith("HTTP/1.1 413 ");
    assertThat(bad()).isEqualTo(2);
    assertThat(talk(last("/"))).endsWith("hello");
  }

  @Test
  void bodyUpToTheLimitIsTaken() throws Exception {
    start();
    String body = "x".repeat(1 << 20);

    assertThat(
            talk(
                "POST /size HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body))
        .endsWith("size " + body.length());
  }

  @Test
  void slowClientIsLetGo() throws Exception {
    start(HttpLimits.DEFAULTS.withRequestTimeout(Duration.ofMillis(300)));

    assertThat(talk("POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"))
        .startsWith("HTTP/1.1 408 ");
    assertThat(talk("GET / HT")).isEmpty();
    assertThat(talk("")).isEmpty();
  }

  @Test
  void beyondTheLimitTheConnectionThatWaitedLongestMakesRoom() throws Exception {
    start(HttpLimits.DEFAULTS.withConnections(2));
    try (Socket one = open();
        Socket two = open()) {
      for (Socket each : List.of(one, two)) { // so that the first has waited longer
        each.getOutputStream().write(get("/").getBytes(StandardCharsets.UTF_8));
        assertThat(each.getInputStream().read()).isEqualTo('H');
      }

      assertThat(talk(last("/"))).endsWith("hello");
      one.getInputStream().readNBytes(4096);
      assertThat(one.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(metrics.counter("ring_daemon_http_refused_connections_total", "").sum())
        .isEqualTo(1);
  }

  @Test
  void oldClientsConnectionClosesUnlessItAsksOtherwise() throws Exception {
    start();

    assertThat(talk("GET / HTTP/1.0\r\n\r\n")).endsWith("hello");
  }

  @Test
  void clientThatGoesAwayCancelsItsWait() throws Exception {
    start();
    try (Socket socket = open()) {
      socket.getOutputStream().write(get("/late").getBytes(StandardCharsets.UTF_8));
    }

    assertThat(late).failsWithin(Duration.ofSeconds(10));
    assertThat(late).isCancelled();
  }

  @Test
  void headerValueSplitsNothing() throws Exception {
    start();

    assertThat(talk(last("/header"))).contains("X-Name: a??B: c?\r\n");
  }

  @Test
  void portInUseIsSaidWithWhatToDo() {
    start();
    HttpServer second = new HttpServer(router, "0.1.0", metrics);

    assertThatThrownBy(
            () -> second.start("127.0.0.1", address.getPort()).toCompletableFuture().join())
        .hasRootCauseInstanceOf(java.net.BindException.class)
        .cause()
        .isInstanceOf(CannotListenException.class)
        .hasMessage(
            "cannot listen on 127.0.0.1:%d for HTTP: address already in use;"
                + " choose another with --http or stop the other program",
            address.getPort());
    assertThat(second.stop().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void stopFinishesWhatIsInWork() throws Exception {
    start();
    try (Socket socket = open()) {
      socket.getOutputStream().write(get("/").getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      socket.getOutputStream().write(get("/late").getBytes(StandardCharsets.UTF_8));
      awaitRequest();
      CompletableFuture<Void> stopped = server.stop().toCompletableFuture();
      late.complete(Response.text(200, "done at last"));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("done at last");
      assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  /** Another connection's answer shows that the server has read what came before it. */
  private void awaitRequest() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(talk(last("/"))).endsWith("hello");
    }
  }
}
