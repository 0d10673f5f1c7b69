package io.ringdaemon.daemon.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.ringdaemon.daemon.config.HookConfig;
import io.ringdaemon.daemon.hooks.Result.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real commands and a real HTTP server. */
@Tag("slow")
@Timeout(60)
class HookRunTest {
  @TempDir Path folder;
  private final HookRun runner = new HookRun();

  private Result command(Duration timeout, String script) {
    HookConfig hook = new HookConfig(List.of("sh", "-c", script), "", timeout, 0);
    return runner.run(hook, Map.of("LEADER_EPOCH", "7"), "");
  }

  private Result command(String script) {
    return command(Duration.ofSeconds(30), script);
  }

  @Test
  void aCommandHasTheEpochAndItsFirstLineIsTold() {
    assertThat(command("echo epoch $LEADER_EPOCH; echo more"))
        .isEqualTo(new Result(Kind.OK, "epoch 7"));
    assertThat(command("echo no such address >&2; exit 3"))
        .isEqualTo(new Result(Kind.FAILED, "exit code 3: no such address"));
  }

  @Test
  void aCommandThatHangsIsEndedWithAllItStarted() throws Exception {
    Path pid = folder.resolve("pid");
    Result result =
        command(Duration.ofMillis(300), "(trap '' TERM; echo $$ >" + pid + "; sleep 60) & wait");
    assertThat(result).isEqualTo(new Result(Kind.TIMEOUT, "did not end within 300 ms"));
    Path stat = Path.of("/proc/" + Files.readString(pid).strip() + "/stat");
    assertThat(Files.exists(stat) && !Files.readString(stat).contains(") Z")).isFalse();
  }

  @Test
  void whatACommandSaysIsCutAndNeverStopsIt() {
    Result result = command("head -c 10000000 /dev/zero | tr '\\0' x; exit 1");
    assertThat(result.kind()).isEqualTo(Kind.FAILED);
    assertThat(result.detail()).hasSizeLessThan(400).startsWith("exit code 1: xxx");
  }

  @Test
  void aCommandThatIsGoneFailsInWords() {
    HookConfig hook = new HookConfig(List.of("/no/such/hook"), "", Duration.ofSeconds(30), 0);
    Result result = runner.run(hook, Map.of(), "");
    assertThat(result.kind()).isEqualTo(Kind.FAILED);
    assertThat(result.detail()).contains("/no/such/hook");
  }

  @Test
  void anInterruptCutsItShort() throws Exception {
    CompletableFuture<Result> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> done.complete(command("sleep 60")));
    thread.start();
    thread.interrupt();
    assertThat(done.get().kind()).isEqualTo(Kind.CUT_SHORT);
  }

  @Test
  void aWebhookIsPostedAndTriedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<String> posted = new CompletableFuture<>();
    HttpServer server = server();
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean first = asked.incrementAndGet() == 1;
          exchange.sendResponseHeaders(first ? 503 : 204, -1);
          exchange.close();
          if (!first) {
            posted.complete(body);
          }
        });
    server.start();
    try {
      HookConfig hook = new HookConfig(List.of(), url(server), Duration.ofSeconds(30), 3);
      assertThat(runner.run(hook, Map.of(), "{\"epoch\":7}")).isEqualTo(new Result(Kind.OK, ""));
      assertThat(posted.get()).isEqualTo("{\"epoch\":7}");
      assertThat(asked.get()).isEqualTo(2);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aWebhookThatNeverAnswersOrIsNotThereFails() throws Exception {
    String nowhere;
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nowhere = "http://127.0.0.1:" + silent.getLocalPort() + "/hook";
      HookConfig hook = new HookConfig(List.of(), nowhere, Duration.ofMillis(300), 0);
      assertThat(runner.run(hook, Map.of(), "{}").kind()).isEqualTo(Kind.TIMEOUT);
    }
    HookConfig hook = new HookConfig(List.of(), nowhere, Duration.ofSeconds(30), 1);
    assertThat(runner.run(hook, Map.of(), "{}").kind()).isEqualTo(Kind.FAILED);
  }

  private static HttpServer server() throws Exception {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }
}
