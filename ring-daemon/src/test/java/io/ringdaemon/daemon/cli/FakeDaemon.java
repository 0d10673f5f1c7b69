package io.ringdaemon.daemon.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** Answers as a daemon does, with what a test told it; everything else is not found. */
final class FakeDaemon implements AutoCloseable {
  private record Canned(int status, String body) {}

  private final HttpServer server;
  private final Map<String, Queue<Canned>> answers = new HashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private String version = "0.1.0";
  private String type = "application/json";

  FakeDaemon() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    server.createContext("/", this::handle);
    server.start();
    answer("GET /version", 200, "{\"version\":\"0.1.0\"}");
  }

  /** The next answer to {@code request}, such as {@code GET /version}; the last one told stays. */
  FakeDaemon answer(String request, int status, String body) {
    answers
        .computeIfAbsent(request, key -> new ArrayDeque<>())
        .add(new Canned(status, body.replace('\'', '"')));
    return this;
  }

  /** From now on nothing says that this is a ring-daemon. */
  FakeDaemon foreign() {
    version = "";
    return this;
  }

  FakeDaemon contentType(String other) {
    type = other;
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What was asked so far, with bodies. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(sent.isEmpty() ? request : request + " " + sent);
    Queue<Canned> told = answers.getOrDefault(request, new ArrayDeque<>());
    Canned answer = told.size() > 1 ? told.poll() : told.peek();
    if (answer == null) {
      answer =
          new Canned(
              404, "{\"title\":\"Not found\",\"detail\":\"no such thing: " + request + "\"}");
    }
    if (!version.isEmpty()) {
      exchange.getResponseHeaders().set(DaemonClient.HEADER, version);
    }
    exchange
        .getResponseHeaders()
        .set("Content-Type", answer.status < 400 ? type : "application/problem+json");
    exchange.getResponseHeaders().set("X-Ring-Index", "7");
    byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
