package io.ringdaemon.store.consul;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Answers reads as a Consul does at moments that no real one can be brought to. For all else there
 * is {@link ConsulServer}.
 */
final class OddConsul implements AutoCloseable {
  /** What was asked: the index to wait on, 0: none. */
  record Question(long index, long nanoTime) {}

  /** What to say; {@code index} as the header has it. */
  record Reply(int status, Optional<String> index, String body) {
    static Reply value(byte[] value, long index) {
      return new Reply(
          200,
          Optional.of(Long.toString(index)),
          "[{\"Key\":\"k\",\"Flags\":0,\"LockIndex\":0,\"CreateIndex\":1,\"ModifyIndex\":%d,\"Value\":\"%s\"}]"
              .formatted(index, Base64.getEncoder().encodeToString(value)));
    }
  }

  final List<Question> asked = new CopyOnWriteArrayList<>();
  volatile Function<Question, Optional<Reply>> answering;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** {@code answering}: nothing means that the answer never comes. */
  OddConsul(Function<Question, Optional<Reply>> answering) throws IOException {
    this.answering = answering;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  List<Question> waits() {
    return asked.stream().filter(one -> one.index() > 0).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    Question question =
        new Question(
            query.contains("index=")
                ? Long.parseLong(query.replaceAll(".*index=(\\d+).*", "$1"))
                : 0,
            System.nanoTime());
    asked.add(question);
    Optional<Reply> reply = answering.apply(question);
    if (reply.isPresent()) {
      byte[] body = reply.get().body().getBytes(StandardCharsets.UTF_8);
      reply
          .get()
          .index()
          .ifPresent(index -> exchange.getResponseHeaders().add("X-Consul-Index", index));
      exchange.sendResponseHeaders(reply.get().status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
