package io.ringdaemon.store.consul;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.ringdaemon.store.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one Consul. A stage fails with a {@link io.ringdaemon.store.StoreException} if there
 * is no answer, or another than 200 and 404; cancelling it ends the request.
 *
 * <p><b>Threading:</b> any thread; stages complete on threads of the client. <b>Bounds:</b> every
 * request has a deadline, every answer a longest length.
 */
final class ConsulHttp implements AutoCloseable {
  private static final int LONGEST_ANSWER = 16 << 20;

  /** What Consul said. */
  record Answer(int status, long index, String body) {
    boolean found() {
      return status == 200;
    }

    /** Of the bodies that are {@code true} or {@code false}. */
    boolean yes() {
      return body.contains("true");
    }
  }

  private final ConsulConfig config;
  private final HttpClient client;
  private final Map<Object, CompletableFuture<?>> open = new ConcurrentHashMap<>();

  /** Fails with {@link IllegalArgumentException} on bad certificates. */
  ConsulHttp(ConsulConfig config) {
    this.config = config;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.requestTimeout());
    config.tls().ifPresent(tls -> secure(builder, tls));
    this.client = builder.build();
  }

  private static void secure(HttpClient.Builder builder, Tls tls) {
    SslContextBuilder context = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    builder.sslContext(((JdkSslContext) tls.context(context, "Consul")).context());
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(tls.protocols().toArray(String[]::new));
    if (!tls.serverName().isEmpty()) { // looked for in the certificate before the host's name
      parameters.setServerNames(List.of(new SNIHostName(tls.serverName())));
    }
    builder.sslParameters(parameters);
  }

  ConsulConfig config() {
    return config;
  }

  /** The path of a key, its slashes kept. */
  static String keyPath(String key) {
    return "/v1/kv/"
        + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  CompletableFuture<Answer> get(String path) {
    return send("GET", path, BodyPublishers.noBody(), config.requestTimeout());
  }

  /** A read that may be held back until there is news. */
  CompletableFuture<Answer> await(String path) {
    return send("GET", path, BodyPublishers.noBody(), config.watchTimeout());
  }

  CompletableFuture<Answer> put(String path, byte[] body) {
    return send("PUT", path, BodyPublishers.ofByteArray(body), config.requestTimeout());
  }

  CompletableFuture<Answer> delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody(), config.requestTimeout());
  }

  private CompletableFuture<Answer> send(
      String method, String path, BodyPublisher body, Duration limit) {
    String scheme = config.tls().isPresent() ? "https://" : "http://";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(scheme + config.host() + path)).method(method, body);
    if (!config.token().isEmpty()) {
      request.header("X-Consul-Token", config.token());
    }
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request.build(), info -> new Bounded());
    Object ticket = new Object();
    open.put(ticket, sent);
    // Not HttpRequest.timeout: that one ends with the headers.
    CompletableFuture<Answer> answer =
        sent.copy()
            .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
            .handle((response, failure) -> read(response, failure, limit))
            .thenCompose(Function.identity());
    var unused =
        answer.whenComplete(
            (done, failure) -> {
              open.remove(ticket);
              if (failure != null) {
                sent.cancel(true);
              }
            });
    return answer;
  }

  @SuppressWarnings("NullAway") // one of the two is there
  private CompletionStage<Answer> read(
      HttpResponse<byte[]> response, Throwable failure, Duration limit) {
    if (failure != null) {
      return CompletableFuture.failedFuture(ConsulFailure.of(config, failure, limit));
    }
    int status = response.statusCode();
    String body = new String(response.body(), StandardCharsets.UTF_8);
    if (status != 200 && status != 404) {
      return CompletableFuture.failedFuture(ConsulFailure.of(config, status, body.strip()));
    }
    long index = response.headers().firstValue("X-Consul-Index").map(ConsulHttp::index).orElse(0L);
    return CompletableFuture.completedFuture(new Answer(status, index, body));
  }

  private static long index(String text) {
    try {
      return Math.max(1, Long.parseLong(text)); // 0 would mean: don't wait
    } catch (NumberFormatException nonsense) {
      return 0;
    }
  }

  @Override
  public void close() {
    open.values().forEach(sent -> sent.cancel(true));
  }

  /** Collects an answer; one that is too long is a failure. */
  private static final class Bounded implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
    private Flow.@Nullable Subscription source;
    private long length;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      source = subscription;
      whole.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      length += parts.stream().mapToLong(ByteBuffer::remaining).sum();
      if (length > LONGEST_ANSWER && source != null) {
        source.cancel();
        whole.onError(new IOException("an answer of more than %d bytes".formatted(LONGEST_ANSWER)));
      } else {
        whole.onNext(parts);
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.onError(failure);
    }

    @Override
    public void onComplete() {
      whole.onComplete();
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole.getBody();
    }
  }
}
