package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in wrong gets a clear error, or is dropped and counted; the daemon lives on. */
@Tag("slow")
class BadInputIT {
  private static final Duration START = Duration.ofSeconds(40);
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir Path folder;

  private record Ran(int code, String output) {}

  private static Ran run(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("project.root"), "scripts/ring-daemon").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("does not end: " + command);
    }
    return new Ran(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void anUnknownOptionIsNamedWithExitCodeTwo() throws Exception {
    Ran ran = run("run", "--node-nam=x");
    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.output).contains("--node-nam").contains("--node-name");
  }

  @Test
  void aPortInUseIsNamedWithWhatToDo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String data = "--data-dir=" + folder.resolve("data");
      Ran http = run("run", "--http=" + address, "--bind=127.0.0.1:0", data);
      assertThat(http.code).isEqualTo(1);
      assertThat(http.output).contains(address).contains("--http");
      Ran gossip = run("run", "--bind=" + address, "--http=127.0.0.1:0", data);
      assertThat(gossip.code).isEqualTo(1);
      assertThat(gossip.output).contains(address).contains("--bind");
    }
  }

  @Test
  void garbageOnTheGossipPortIsCountedAndTheConnectionClosed() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node = cluster.add("one", DaemonProcess.freePort(), List.of());
      cluster.settled(List.of(node), START);
      String dropped = "ring_daemon_mesh_dropped_frames_total";
      double before = node.metric(dropped);
      byte[] garbage = new byte[4096];
      new Random(1).nextBytes(garbage);
      for (int i = 0; i < 20; i++) {
        garbage[0] = (byte) (i % 2 == 0 ? 0x7F : 0); // a huge length, or one that fits
        assertThat(closes(node.gossipPort, garbage)).isTrue();
      }
      cluster.until(SOON, "all are counted", () -> node.metric(dropped) - before >= 20);
      assertThat(node.status("/ready")).isEqualTo(200);
    }
  }

  @Test
  void garbageOnTheHttpPortIsCountedAndTheConnectionClosed() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node = cluster.add("one", DaemonProcess.freePort(), List.of());
      cluster.settled(List.of(node), START);
      double before = node.metric("ring_daemon_http_bad_requests_total");
      byte[] garbage = new byte[4096];
      new Random(2).nextBytes(garbage);
      for (int i = 0; i < 20; i++) {
        assertThat(closes(node.httpPort, garbage)).isTrue();
      }
      cluster.until(
          SOON,
          "all are counted",
          () -> node.metric("ring_daemon_http_bad_requests_total") - before >= 20);
      assertThat(node.status("/ready")).isEqualTo(200);
    }
  }

  /** Sends bytes; whether the other side ends the connection. */
  private static boolean closes(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      try {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
          // an error page, or a hello, may come first
        }
        return true;
      } catch (java.net.SocketTimeoutException stillOpen) {
        return false;
      } catch (SocketException reset) {
        return true;
      }
    }
  }

  @Test
  void aTenMegabyteRequestIsRefused() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node = cluster.add("one", DaemonProcess.freePort(), List.of());
      cluster.settled(List.of(node), START);
      var answer =
          node.ask(
              node.to("/ring")
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10 << 20])));
      // The server may close before all was written: then there is no answer to read.
      answer.ifPresent(got -> assertThat(got.statusCode()).isEqualTo(413));
      assertThat(node.metric("ring_daemon_http_bad_requests_total")).isPositive();
      assertThat(node.status("/ready")).isEqualTo(200);
    }
  }

  @Test
  void aForgetOfAnUnknownIdIsAnsweredAtOnceWithNotFound() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node = cluster.add("one", DaemonProcess.freePort(), List.of());
      cluster.settled(List.of(node), START);
      HttpResponse<String> answer = node.forget("nobody");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("nobody");
    }
  }

  @Test
  void withUnreachableSeedsItWorksAloneSaysSoAndJoinsWhenTheyCome() throws Exception {
    int seed = DaemonProcess.freePort();
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node =
          cluster.add("one", DaemonProcess.freePort(), List.of("--join=127.0.0.1:" + seed));
      cluster.settled(List.of(node), START);
      cluster.until(
          Duration.ofSeconds(10),
          "the page says so",
          () -> node.page("/ring").contains("127.0.0.1:" + seed));
      DaemonProcess late = cluster.add("two", seed, List.of());
      cluster.settled(List.of(node, late), START);
    }
  }

  @Test
  void withoutAUsableDataDirectoryItRunsOnDoesNotLeadAndSaysSo() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    int gossip = DaemonProcess.freePort();
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess broken =
          cluster.add("one", gossip, List.of("--data-dir=" + file.resolve("data")));
      cluster.until(START, "ACTIVE", () -> broken.state("one").equals("ACTIVE"));
      DaemonProcess whole =
          cluster.add("two", DaemonProcess.freePort(), List.of("--join=127.0.0.1:" + gossip));
      cluster.until(
          START,
          "the other leads",
          () -> whole.leader().equals("two") && broken.leader().equals("two"));
      assertThat(broken.saysItLeads()).isFalse();
      assertThat(broken.page("/ring")).contains("data_dir");
    }
  }

  @Test
  void ofTwoLiveNodesOfOneNameTheLaterStaysOutAndBothSayWhere() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess first = cluster.add("twin", DaemonProcess.freePort(), List.of());
      cluster.settled(List.of(first), START);
      DaemonProcess later =
          cluster.add(
              "twin",
              DaemonProcess.freePort(),
              List.of(
                  "--join=127.0.0.1:" + first.gossipPort, "--data-dir=" + folder.resolve("later")));
      cluster.until(
          START,
          "the later one names both addresses",
          () -> {
            String page = later.page("/ring");
            return page.contains("127.0.0.1:" + first.gossipPort)
                && page.contains("127.0.0.1:" + later.gossipPort);
          });
      cluster.always(
          SOON,
          "it is neither ready nor registered",
          () ->
              later.status("/ready") == 503
                  && first
                      .instance("twin")
                      .orElseThrow()
                      .path("addr")
                      .asString("")
                      .endsWith(":" + first.httpPort));
      assertThat(first.status("/ready")).isEqualTo(200);
      first.kill();
      cluster.until(START, "then it takes the place", () -> later.status("/ready") == 200);
    }
  }

  @Test
  void aDataDirectoryInUseIsNamedWithWhatToDo() throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node = cluster.add("one", DaemonProcess.freePort(), List.of());
      cluster.settled(List.of(node), START);
      Ran ran =
          run("run", "--http=127.0.0.1:0", "--bind=127.0.0.1:0", "--data-dir=" + node.dataDir);
      assertThat(ran.code).isEqualTo(1);
      assertThat(ran.output).contains(node.dataDir.toString()).contains("--data-dir");
      assertThat(ran.output.lines()).hasSize(1);
    }
  }
}
