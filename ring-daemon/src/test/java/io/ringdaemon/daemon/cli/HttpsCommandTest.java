package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.daemon.config.HttpFiles;
import io.ringdaemon.gossip.mesh.security.TestCertificates;
import io.ringdaemon.gossip.mesh.security.Tls;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.web.http.Access;
import io.ringdaemon.web.http.CsrfGuard;
import io.ringdaemon.web.http.Gate;
import io.ringdaemon.web.http.HttpLimits;
import io.ringdaemon.web.http.HttpProblem;
import io.ringdaemon.web.http.HttpServer;
import io.ringdaemon.web.http.Request;
import io.ringdaemon.web.http.Response;
import io.ringdaemon.web.http.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands and a server with real certificates, over real sockets. */
@Tag("slow")
@Timeout(120)
class HttpsCommandTest {
  private static final String TOKEN = "a-token-of-some-length";

  @TempDir Path folder;
  private volatile HttpFiles.Loaded loaded;
  private TestCertificates ours;
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    ours = new TestCertificates(folder, "ours");
    Tls node = ours.tls("node");
    Tls tls =
        new Tls(
            node.certificate(),
            node.key(),
            List.of(ours.authority()),
            "",
            false,
            Tls.ClientAuth.WANT);
    Path accounts =
        Files.writeString(
            folder.resolve("accounts"),
            "reader token ci " + TOKEN + "\noperator certificate admin\n");
    loaded = new HttpFiles(Optional.of(tls), Optional.of(accounts)).load();
    Metrics metrics = Metrics.unseen();
    Router router =
        new Router(
                CsrfGuard.anyHost(),
                new Gate(() -> loaded.accounts(), metrics),
                HttpsCommandTest::problem,
                metrics,
                System::nanoTime)
            .get("/version", request -> Response.json(200, "{\"release\":\"1\"}").now())
            .get("/api/v1/rings", request -> Response.json(200, "{\"rings\":[]}").now())
            .on("GET", "/live", Access.OPEN, request -> Response.text(200, "live").now())
            .post("/api/v1/leave", request -> Response.json(202, "{\"status\":\"leaving\"}").now());
    server =
        new HttpServer(
            router,
            "0.1.0",
            metrics,
            HttpLimits.DEFAULTS,
            () -> loaded.tls().map(found -> found.server()));
    InetSocketAddress address = server.start("127.0.0.1", 0).toCompletableFuture().join();
    url = "https://127.0.0.1:" + address.getPort();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Response problem(Request request, HttpProblem problem) {
    String json = "{\"detail\":\"" + problem.detail() + "\"}";
    return Response.of(problem.status(), "application/problem+json", json);
  }

  private Outcome run(String command, String... options) {
    List<String> words = new ArrayList<>(List.of(command, "--url=" + url));
    words.addAll(List.of(options));
    return Outcome.of(words.toArray(String[]::new));
  }

  private String ca() {
    return "--ca-file=" + ours.authority();
  }

  private String token(String text) throws IOException {
    return "--token-file=" + Files.writeString(folder.resolve("token"), text + "\n");
  }

  @Test
  void aTokenIsShownAndAWrongOneIsToldWithTheNextStep() throws Exception {
    assertThat(run("rings", ca(), token(TOKEN)).code()).isZero();
    assertThat(run("rings", ca(), token(TOKEN + "x")))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ring-daemon: this credential is not known here; see --token-file, --user and"
                    + " --cert-file\n"));
    assertThat(run("leave", ca(), token(TOKEN)).err()).contains("needs the role operator");
  }

  @Test
  void aCertificateIsShownAndItsNameDecides() {
    Path admin = ours.certificate("admin", 30);
    Path other = ours.certificate("other", 30);

    assertThat(run("leave", ca(), "--cert-file=" + admin, "--key-file=" + ours.key("admin")).code())
        .isZero();
    assertThat(run("leave", ca(), "--cert-file=" + other, "--key-file=" + ours.key("other")).code())
        .isNotZero();
  }

  @Test
  void anAuthorityThatIsNotTrustedIsTold() {
    Path theirs = new TestCertificates(folder, "theirs").authority();

    assertThat(run("rings", "--ca-file=" + theirs).err())
        .contains("its certificate is not trusted")
        .contains("--ca-file=FILE");
    assertThat(run("rings").code()).isEqualTo(3);
  }

  @Test
  void halfOptionsAndMissingFilesAreWrongUsage() {
    assertThat(run("rings", "--cert-file=x").code()).isEqualTo(2);
    assertThat(run("rings", "--token-file=/nowhere/token"))
        .isEqualTo(new Outcome(2, "", "ring-daemon: /nowhere/token: no such file\n"));
    assertThat(run("rings", "--ca-file=/nowhere/ca").err()).contains("/nowhere/ca: no such file");
  }

  @Test
  void plainHttpIsToldThatThisIsHttps() throws Exception {
    Outcome outcome = Outcome.of("rings", "--url=" + url.replace("https:", "http:"));

    assertThat(outcome.err()).contains("this port speaks TLS: use https");
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(url.substring(18)))) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void newCertificatesServeNewConnections() throws Exception {
    TestCertificates next = new TestCertificates(folder, "next");
    loaded =
        new HttpFiles(Optional.of(next.tls("node")), Optional.of(folder.resolve("accounts")))
            .load();
    assertThat(run("rings", ca(), token(TOKEN)).code()).isEqualTo(3);
  }
}
