package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is at the other end: one line, exit code 3, within two seconds. */
@Tag("slow")
@Timeout(30)
class UnreachableTest {
  private static final Duration LONGEST = Duration.ofSeconds(2);

  static Stream<List<String>> commands() {
    return Stream.of(
        List.of("rings"),
        List.of("members"),
        List.of("ring", "default"),
        List.of("owners", "default", "k"),
        List.of("leader", "default"),
        List.of("leader", "default", "--watch"),
        List.of("forget", "default", "x"),
        List.of("forget", "default", "--all-unhealthy"),
        List.of("join", "127.0.0.1:1"),
        List.of("leave"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aClosedPortIsToldWithTheNextStep(List<String> command) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    expect(
        command,
        "http://127.0.0.1:" + port,
        "can't reach URL: connection refused: start it with \"ring-daemon run\", or name another with --url=URL");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aSilentPortIsToldInTime(List<String> command) throws IOException {
    try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + socket.getLocalPort();
      expect(
          command,
          url,
          "URL is silent, no answer within 1.5 s: is that ring-daemon's port? See --url=URL");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aHandshakeThatIsNotAnsweredIsToldAsSoonAsSilence(List<String> command) throws IOException {
    try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      expectLine(
          command,
          "https://127.0.0.1:" + socket.getLocalPort(),
          "URL is silent, no answer within 1.5 s: is that ring-daemon's port? See --url=URL");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anotherHttpServiceIsNotBelieved(List<String> command) {
    try (var other = new FakeDaemon().foreign()) {
      expect(
          command,
          other.url(),
          "URL answers, but is not ring-daemon: check its port, or name another with --url=URL");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aPageIsNotBelieved(List<String> command) {
    try (var other = new FakeDaemon().contentType("text/html")) {
      String path = command.get(0).equals("rings") ? "/api/v1/rings" : "/version";
      other.answer("GET " + path, 200, "<html>").answer("GET /api/v1/members", 200, "<html>");
      other
          .answer("GET /api/v1/rings/default", 200, "<html>")
          .answer("GET /api/v1/rings/default/leader", 200, "<html>");
      other.answer("GET /api/v1/rings/default/owners?key=k", 200, "<html>");
      expect(
          command,
          other.url(),
          "URL answers, but is not ring-daemon: check its port, or name another with --url=URL");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whatDoesNotSpeakHttpIsNotBelieved(List<String> command) throws IOException {
    try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var thread = new Thread(() -> greet(socket));
      thread.setDaemon(true);
      thread.start();
      String url = "http://127.0.0.1:" + socket.getLocalPort();
      expect(
          command,
          url,
          "URL answers, but is not ring-daemon: check its port, or name another with --url=URL");
    }
  }

  private static void greet(ServerSocket socket) {
    try {
      while (true) {
        try (Socket caller = socket.accept()) {
          caller
              .getOutputStream()
              .write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private static void expect(List<String> command, String url, String line) {
    long start = System.nanoTime();
    expectLine(command, url, line);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
  }

  private static void expectLine(List<String> command, String url, String line) {
    Outcome outcome =
        Outcome.of(
            Stream.concat(command.stream(), Stream.of("--url=" + url)).toArray(String[]::new));

    assertThat(outcome)
        .isEqualTo(new Outcome(3, "", "ring-daemon: " + line.replaceFirst("URL", url) + "\n"));
  }
}
