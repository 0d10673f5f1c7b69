package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks and health checks of real daemons, with a real application behind them. */
@Tag("slow")
class DutiesIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  /** An application that may be ill, never answer, and keeps what is posted to it. */
  private static final class Application implements AutoCloseable {
    final AtomicBoolean ill = new AtomicBoolean();
    final List<String> posted = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Application() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!body.isEmpty()) {
              posted.add(body);
            }
            exchange.sendResponseHeaders(ill.get() ? 503 : 200, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private DaemonProcess daemon(Cluster cluster, String name, int gossip, int seed, String... set)
      throws IOException {
    List<String> options = new java.util.ArrayList<>(List.of("--join=127.0.0.1:" + seed));
    for (String one : set) {
      options.add("--set=rings.default." + one);
    }
    return cluster.add(name, gossip, options);
  }

  @Test
  void anApplicationThatFailsLosesTheLeadAtOnceAndComesBackWhenItIsWell() throws Exception {
    try (Cluster cluster = new Cluster(folder);
        Application one = new Application();
        Application two = new Application()) {
      int seed = DaemonProcess.freePort();
      String check = "checks=[{http: '%s', interval: 200ms, timeout: 1s, threshold: 2}]";
      daemon(cluster, "one", seed, seed, check.formatted(one.url()));
      daemon(cluster, "two", DaemonProcess.freePort(), seed, check.formatted(two.url()));
      cluster.settled(cluster.nodes, START);
      DaemonProcess old = cluster.node(Cluster.agreedLeader(cluster.nodes));
      DaemonProcess other = cluster.others(old).get(0);
      Application sick = old.name.equals("one") ? one : two;

      sick.ill.set(true);
      cluster.until(
          SOON,
          "the other leads",
          () -> other.name.equals(Cluster.agreedLeader(cluster.nodes)) && !old.saysItLeads());
      String seen =
          other.ask(other.to("/api/v1/rings/default/instances/" + old.name)).orElseThrow().body();
      assertThat(seen)
          .contains("\"healthy\":false")
          .contains("\"reason\":\"check\"")
          .contains("status 503");
      assertThat(other.page("/ring")).contains("its check fails").contains("status 503");
      assertThat(old.metric("ring_daemon_check_passing")).isZero();

      sick.ill.set(false);
      cluster.until(
          SOON,
          "well again everywhere",
          () ->
              other.instance(old.name).orElseThrow().path("healthy").asBoolean(false)
                  && old.instance(old.name).orElseThrow().path("healthy").asBoolean(false));
      assertThat(old.metric("ring_daemon_checks_total")).isGreaterThan(3);
    }
  }

  @Test
  void hooksRunInOrderWithTheEpochAndOnesThatHangAreEnded() throws Exception {
    Path out = folder.resolve("hooks");
    String say = "echo $LEADER_EVENT $LEADER_ID $RING $LEADER_EPOCH >>" + out;
    try (Cluster cluster = new Cluster(folder);
        Application listener = new Application()) {
      int gossip = DaemonProcess.freePort();
      DaemonProcess node =
          daemon(
              cluster,
              "one",
              gossip,
              gossip,
              "leader_election.on_leader_start=[{command: [sleep, '600'], timeout: 300ms}, {command:"
                  + " [sh, -c, '"
                  + say
                  + "']}, {webhook: '"
                  + listener.url()
                  + "'}]",
              "leader_election.on_leader_stop=[{command: [sh, -c, '" + say + "']}]");
      cluster.settled(cluster.nodes, START);
      long epoch = node.epoch();
      cluster.until(SOON, "the webhook was posted", () -> !listener.posted.isEmpty());
      assertThat(listener.posted.get(0))
          .contains("\"event\":\"leader_start\"")
          .contains("\"epoch\":" + epoch);
      cluster.until(
          SOON,
          "told in the events",
          () -> node.page("/api/v1/rings/default/events").contains("timeout"));
      node.signal("TERM");
      assertThat(node.end()).isZero();
      assertThat(Files.readAllLines(out))
          .containsExactly("start one default " + epoch, "stop one default " + epoch);
    }
  }
}
