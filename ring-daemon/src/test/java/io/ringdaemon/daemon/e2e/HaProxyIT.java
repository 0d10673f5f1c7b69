package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.ringdaemon.daemon.process.ProcessGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HAProxy configuration of docs/elections.md before three daemons and their applications. */
@Tag("slow")
class HaProxyIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration MOVE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  private final List<HttpServer> applications = new ArrayList<>();

  @AfterEach
  void stop() {
    applications.forEach(application -> application.stop(0));
  }

  /** Answers with the name of its node; its port. */
  private int application(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = name.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    applications.add(server);
    return server.getAddress().getPort();
  }

  private static String ask(int port) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                  .timeout(Duration.ofSeconds(3))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? answer.body() : "";
    } catch (IOException unreachable) {
      return "";
    }
  }

  @Test
  void requestsReachTheLeadersApplicationAndMoveWithTheLead() throws Exception {
    String path = System.getenv("PATH") + ":/usr/sbin:/usr/local/sbin";
    var haproxy = ProcessGroup.find("haproxy", path);
    assumeTrue(haproxy.isPresent(), "no haproxy here: apt-get install haproxy");
    int front = DaemonProcess.freePort();
    try (Cluster cluster = Cluster.of(3, folder)) {
      String config =
          Docs.block("elections.md", "haproxy").replace("127.0.0.1:8000", "127.0.0.1:" + front);
      for (int i = 0; i < 3; i++) {
        DaemonProcess node = cluster.nodes.get(i);
        String host = "10.0.0." + (5 + i);
        config =
            config
                .replace(host + ":9000", "127.0.0.1:" + application(node.name))
                .replace("addr " + host + " port 7980", "addr 127.0.0.1 port " + node.httpPort);
      }
      assertThat(config).doesNotContain("10.0.0.").doesNotContain("7980");
      cluster.settled(cluster.nodes, START);
      Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
      Process proxy =
          new ProcessBuilder(haproxy.get().toString(), "-db", "-f", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("haproxy.log").toFile())
              .start();
      try {
        String first = Cluster.agreedLeader(cluster.nodes);
        cluster.until(MOVE, "the leader's application answers", () -> ask(front).equals(first));
        DaemonProcess old = cluster.node(first);
        double bad = cluster.others(old).get(0).metric("ring_daemon_loop_failures_total");
        old.kill();
        List<DaemonProcess> others = cluster.others(old);
        Duration moved =
            cluster.until(
                MOVE,
                "the next leader's application answers",
                () -> {
                  String leader = Cluster.agreedLeader(others);
                  return leader != null && !leader.equals(first) && ask(front).equals(leader);
                });
        System.out.printf(
            "HAProxy sends to the next leader's application %.2f s after kill -9%n",
            moved.toMillis() / 1e3);
        assertThat(others.get(0).metric("ring_daemon_loop_failures_total")).isEqualTo(bad);
      } finally {
        proxy.destroyForcibly();
      }
    }
  }
}
