package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers in pieces over real sockets, for quick readers and for slow ones. */
@Tag("slow")
@Timeout(300)
final class LongBodyTest {
  private static final int UNSENT = 20 << 20;
  private static final byte[] LINE =
      "0123456789abcdef\n".repeat(64).getBytes(StandardCharsets.US_ASCII);

  private final AtomicLong made = new AtomicLong();
  private final HttpServer server =
      new HttpServer(
          new Router(CsrfGuard.anyHost(), ErrorPage.plain(), Metrics.unseen(), System::nanoTime)
              .get("/", request -> Response.text(200, "hello").now())
              .get("/long", request -> lines(5_000).now())
              .get("/endless", request -> lines(Integer.MAX_VALUE).now())
              .get("/none", request -> lines(0).now())
              .get("/events", request -> Response.events(sink -> () -> {}).now()),
          "0.1.0",
          Metrics.unseen(),
          HttpLimits.DEFAULTS.withUnsent(UNSENT));
  private InetSocketAddress address;

  private Response lines(int count) {
    return Response.streamed(
        200,
        "text/plain",
        out -> {
          int[] left = {count};
          return () -> {
            if (left[0]-- <= 0) {
              return false;
            }
            try {
              out.write(LINE);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            made.addAndGet(LINE.length);
            return true;
          };
        });
  }

  @BeforeEach
  void start() {
    address = server.start("127.0.0.1", 0).toCompletableFuture().join();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static String get(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + String.join("", headers) + "\r\n";
  }

  private HttpResponse<InputStream> ask(HttpClient client, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  /** AssertJ's own comparisons of arrays take seconds for some megabytes. */
  private static void assertWhole(InputStream body) throws IOException {
    byte[] all = body.readAllBytes();
    assertThat(all.length).isEqualTo(5_000 * LINE.length);
    for (int i = 0; i < all.length; i += LINE.length) {
      assertThat(Arrays.equals(all, i, i + LINE.length, LINE, 0, LINE.length)).isTrue();
    }
  }

  @Test
  void comesWholeAndTheConnectionGoesOn() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 3; i++) {
      HttpResponse<InputStream> answer = ask(client, "/long");

      assertWhole(answer.body());
      assertThat(answer.headers().firstValue("connection")).isEmpty();
      assertThat(ask(client, "/none").body().readAllBytes()).isEmpty();
    }
  }

  @Test
  void comesPackedToWhoTakesThat() throws Exception {
    HttpResponse<InputStream> answer =
        ask(HttpClient.newHttpClient(), "/long", "Accept-Encoding", "gzip");

    assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
    assertWhole(new GZIPInputStream(answer.body()));
  }

  @Test
  void oldClientGetsItWithoutChunksUntilTheEnd() throws Exception {
    String[] headers = {"Connection: keep-alive\r\n", "Accept-Encoding: gzip\r\n"};
    try (Socket socket = send(get("/long", headers).replace("HTTP/1.1", "HTTP/1.0"))) {
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      int body = all.indexOf("\r\n\r\n") + 4;

      assertThat(all.substring(0, body)).doesNotContainIgnoringCase("transfer-encoding");
      assertThat(all.length() - body).isEqualTo(5_000 * LINE.length);
    }
  }

  @Test
  void headHasNoBodyAndWhatFollowsIsAnswered() throws Exception {
    String head = get("/endless").replace("GET", "HEAD");
    try (Socket socket = send(head + get("/", "Connection: close\r\n"))) {
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(all).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
      assertThat(made).hasValue(0);
    }
  }

  @Test
  void isAnsweredInTurnWhenRequestsWaitBehindIt() throws Exception {
    try (Socket socket = send(get("/long") + get("/", "Connection: close\r\n"))) {
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      int second = all.indexOf("\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n");

      assertThat(second).isGreaterThan(5_000 * LINE.length);
      assertThat(all.substring(second)).endsWith("\r\n\r\nhello");
    }
  }

  @Test
  void neitherSlowReadersNorAThousandIdleStreamsKeepOthersWaiting() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        open.add(send(get("/events")));
        assertThat(open.get(i).getInputStream().read()).isEqualTo('H');
      }
      for (int i = 0; i < 50; i++) {
        open.add(send(get("/endless")));
        assertThat(open.get(1000 + i).getInputStream().read()).isEqualTo('H');
      }
      long before = -1;
      while (made.get() != before) { // until all that the sockets' buffers take is in them
        before = made.get();
        TimeUnit.MILLISECONDS.sleep(300);
      }

      HttpClient client = HttpClient.newHttpClient();
      for (int i = 0; i < 500; i++) {
        assertThat(ask(client, "/").body().readAllBytes()).hasSize(5);
      }
      Socket quick = send(get("/long", "Connection: close\r\n"));
      open.add(quick);
      assertThat(quick.getInputStream().readAllBytes().length).isGreaterThan(5_000 * LINE.length);
      assertThat(made.get() - before).isLessThan(2L * UNSENT);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
