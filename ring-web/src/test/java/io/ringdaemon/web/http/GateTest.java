package io.ringdaemon.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets in over real sockets, and what is noted about it. */
@Tag("slow")
@Timeout(60)
final class GateTest {
  private static final String READ = "read-token-0123456789";
  private static final String CHANGE = "change-token-0123456789";
  private static final String HASH =
      PasswordHash.of("opensesame".toCharArray(), new SecureRandom()).toString();
  private static final String LINES =
      "reader token looker %s\noperator token doer %s\noperator password alice %s\n"
          .formatted(READ, CHANGE, HASH);

  private final Metrics metrics = Metrics.unseen();
  private final List<String> audit = new ArrayList<>();
  private final Handler listener = new Listener();
  private volatile Accounts accounts = Accounts.parse("accounts", LINES);
  private final Router router =
      new Router(
              CsrfGuard.anyHost(),
              new Gate(() -> accounts, metrics),
              ErrorPage.plain(),
              metrics,
              System::nanoTime)
          .get("/look", request -> Response.text(200, request.actor()).now())
          .on("GET", "/live", Access.OPEN, request -> Response.text(200, "live").now())
          .on("POST", "/ask", Access.READ, request -> Response.text(200, "asked").now())
          .on("POST", "/work", Access.WORK, request -> Response.text(200, "worked").now())
          .post("/change", request -> Response.text(200, request.actor()).now());
  private final HttpServer server = new HttpServer(router, "0.1.0", metrics);
  private InetSocketAddress address;

  /** Keeps what is logged. */
  private final class Listener extends Handler {
    @Override
    public void publish(LogRecord line) {
      synchronized (audit) {
        audit.add(java.text.MessageFormat.format(line.getMessage(), line.getParameters()));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() {
    Logger.getLogger(AuditLog.NAME).addHandler(listener);
    address = server.start("127.0.0.1", 0).toCompletableFuture().join();
  }

  @AfterEach
  void stop() throws Exception {
    Logger.getLogger(AuditLog.NAME).removeHandler(listener);
    server.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private String ask(String line, String authorization) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String header = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";
      socket
          .getOutputStream()
          .write(
              (line + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + header + "\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private long refused(String reason) {
    return metrics.counter("ring_daemon_http_logins_refused_total", "", "reason", reason).sum();
  }

  private static int status(String answer) {
    return Integer.parseInt(answer.substring(9, 12));
  }

  @Test
  void withoutACredentialOnlyOpenPathsAnswer() throws Exception {
    assertThat(status(ask("GET /live", ""))).isEqualTo(200);
    assertThat(ask("GET /look", ""))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("www-authenticate: Basic realm=\"ring-daemon\"");
    assertThat(status(ask("POST /change", ""))).isEqualTo(401);
    assertThat(status(ask("GET /nowhere", ""))).isEqualTo(401);
    assertThat(refused("token")).isZero();
  }

  @Test
  void readersLookAndOperatorsChange() throws Exception {
    assertThat(ask("GET /look", "Bearer " + READ)).endsWith("looker (reader) from 127.0.0.1");
    assertThat(status(ask("POST /ask", "bearer " + READ))).isEqualTo(200);
    assertThat(ask("POST /change", "Bearer " + READ))
        .startsWith("HTTP/1.1 403 ")
        .contains("looker may look, but POST /change needs the role operator");
    assertThat(status(ask("POST /work", "Bearer " + READ))).isEqualTo(403);
    assertThat(ask("POST /change", "Bearer " + CHANGE)).endsWith("doer (operator) from 127.0.0.1");
    assertThat(status(ask("GET /look", "Bearer " + CHANGE))).isEqualTo(200);
    assertThat(refused("role")).isEqualTo(2);
  }

  @Test
  void passwordsAndTokensInTheirPlaceAreTakenFromBrowsers() throws Exception {
    assertThat(ask("POST /change", basic("alice:opensesame"))).contains("alice (operator)");
    assertThat(ask("POST /change", basic("alice:opensesame"))).contains("alice (operator)");
    assertThat(ask("GET /look", basic("x:" + READ))).contains("looker (reader)");
  }

  @Test
  void wrongCredentialsAreRefusedLateAndCounted() throws Exception {
    for (String wrong :
        List.of(
            "Bearer " + READ + "x",
            "Bearer",
            basic("alice:opensesam"),
            basic("bob:opensesame"),
            basic("alice"),
            "Basic ???",
            "Digest x")) {
      long began = System.nanoTime();
      assertThat(status(ask("GET /look", wrong))).as(wrong).isEqualTo(401);
      assertThat(System.nanoTime() - began).as(wrong).isGreaterThan(450_000_000L);
    }
    assertThat(refused("token")).isEqualTo(2);
    assertThat(refused("password")).isEqualTo(3);
    assertThat(refused("other")).isEqualTo(2);
  }

  @Test
  void whoWasTakenOutOfTheFileIsOutAtOnceHoweverRemembered() throws Exception {
    assertThat(status(ask("GET /look", basic("alice:opensesame")))).isEqualTo(200);
    accounts = Accounts.parse("accounts", "reader token looker " + READ);

    assertThat(status(ask("GET /look", basic("alice:opensesame")))).isEqualTo(401);
    assertThat(status(ask("GET /look", "Bearer " + CHANGE))).isEqualTo(401);
  }

  @Test
  void anonymousMayLookWhereThatIsAllowed() throws Exception {
    accounts = Accounts.parse("accounts", LINES + "reader anonymous\n");

    assertThat(ask("GET /look", "")).endsWith("127.0.0.1");
    assertThat(status(ask("POST /change", ""))).isEqualTo(401);
    assertThat(status(ask("GET /look", "Bearer wrong"))).isEqualTo(401);
  }

  @Test
  void floodOfPasswordsIsAnsweredBusyAndLeavesTokensAlone() throws Exception {
    List<Socket> flood = new ArrayList<>();
    for (int i = 0; i < 30; i++) { // each takes long: there is no bob
      Socket socket = new Socket(address.getAddress(), address.getPort());
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              ("GET /look HTTP/1.1\r\nHost: a\r\nAuthorization: " + basic("bob:" + i) + "\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));
      flood.add(socket);
    }
    assertThat(status(ask("GET /look", "Bearer " + READ))).isEqualTo(200);
    Socket last = flood.get(flood.size() - 1);
    assertThat(new String(last.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
        .isEqualTo("HTTP/1.1 429");
    assertThat(refused("busy")).isPositive();
    for (Socket socket : flood) {
      socket.close();
    }
  }

  @Test
  void everyChangeIsInTheAuditLogDoneOrRefusedAndNobodyWritesLinesOfHisOwn() throws Exception {
    ask("POST /change?x=%0Aforged%22", "Bearer " + CHANGE);
    ask("POST /change", "Bearer " + READ);
    ask("POST /change", "");
    ask("POST /work", "Bearer " + CHANGE);
    ask("GET /look", "Bearer " + CHANGE);

    synchronized (audit) {
      assertThat(audit).hasSize(3);
      assertThat(audit.get(0))
          .contains("who=\"doer\" role=operator by=token from=127.0.0.1 what=\"POST /change")
          .contains("status=200")
          .doesNotContain("\n")
          .doesNotContain("forged\"");
      assertThat(audit.get(1)).contains("who=\"unknown\"").contains("status=403");
      assertThat(audit.get(2)).contains("status=401");
    }
  }
}
