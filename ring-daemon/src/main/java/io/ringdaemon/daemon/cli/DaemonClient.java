package io.ringdaemon.daemon.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Asks a daemon. Never hangs: whatever is at the other end, an answer or a {@link CommandFailure}
 * with address and next step comes in time, and nothing but a ring-daemon is believed.
 * HttpURLConnection, because java.net.http starts slower than all the rest of a command.
 */
final class DaemonClient {
  static final String HEADER = "X-Ring-Daemon";
  static final JsonMapper JSON = new JsonMapper();

  /** For an answer that needs nobody else; with the start of the JVM it stays below two seconds. */
  private static final Duration SHORT = Duration.ofMillis(1500);

  /** For a change: the daemon itself gives up after 4 s. */
  private static final Duration LONG = Duration.ofSeconds(8);

  /** What our own side of a TLS handshake may take on a busy host: not the daemon's silence. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(3);

  private static final int LARGEST = 64 << 20;

  private final DaemonUrl url;
  private final String authorization;
  private final Optional<SSLSocketFactory> sockets;
  private boolean known;

  DaemonClient(DaemonUrl url) {
    this(url, "", Optional.empty());
  }

  /**
   * @param authorization value of that header; empty: none
   * @param sockets for https; empty: those of the JDK
   */
  DaemonClient(DaemonUrl url, String authorization, Optional<SSLSocketFactory> sockets) {
    this.url = url;
    this.authorization = authorization;
    this.sockets = sockets;
  }

  Answer get(String path) {
    return answer("GET", path, null, SHORT);
  }

  /** Asks for something that the daemon may answer up to {@code wait} later. */
  Answer get(String path, Duration wait) {
    return answer("GET", path, null, wait.plus(SHORT));
  }

  /** Whatever the daemon answers there, as it is; larger than 64 MiB is cut. */
  RawAnswer raw(String path) {
    return within(
        LONG,
        () -> {
          HttpURLConnection connection = opened("GET", path, null, LONG, "*/*");
          int status = connection.getResponseCode();
          return new RawAnswer(status, bytes(connection, status));
        });
  }

  /**
   * Changes something; who is there was asked first, so that silence is noticed as soon as in
   * {@link #get}.
   */
  Answer change(String method, String path, @Nullable JsonNode body) {
    if (!known) {
      get("/version");
    }
    return answer(method, path, body, LONG);
  }

  /** Changes something that the daemon does at once, or fails within {@code limit}. */
  Answer changeWithin(String method, String path, Duration limit) {
    return answer(method, path, null, limit);
  }

  /** The address asked. */
  @Override
  public String toString() {
    return url.toString();
  }

  private Answer answer(String method, String path, @Nullable JsonNode body, Duration limit) {
    return within(limit, () -> exchange(method, path, body, limit));
  }

  /** What {@code exchange} gives; each of its reads has the limit too. */
  private <T> T within(Duration limit, Callable<T> exchange) {
    Duration all = url.secured() ? limit.plus(HANDSHAKE) : limit;
    var task = new FutureTask<>(exchange);
    var thread = new Thread(task, "ask");
    thread.setDaemon(true); // name resolution can't be interrupted; the process ends without it
    thread.start();
    try {
      T answer = task.get(all.toMillis(), TimeUnit.MILLISECONDS);
      known = true;
      return answer;
    } catch (TimeoutException silent) {
      throw silent(all);
    } catch (ExecutionException failed) {
      throw explained(failed.getCause(), limit);
    } catch (InterruptedException stopped) {
      throw new CommandFailure(ExitCode.UNREACHABLE, "interrupted while waiting for " + url);
    }
  }

  private Answer exchange(String method, String path, @Nullable JsonNode body, Duration limit)
      throws IOException {
    HttpURLConnection connection = opened(method, path, body, limit, "application/json");
    int status = connection.getResponseCode();
    String index = Optional.ofNullable(connection.getHeaderField("X-Ring-Index")).orElse("");
    return new Answer(status, body(connection, status), index);
  }

  /** After the head of the answer has come, and is a daemon's. */
  private HttpURLConnection opened(
      String method, String path, @Nullable JsonNode body, Duration limit, String accept)
      throws IOException {
    var connection =
        (HttpURLConnection) URI.create(url + path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) Math.min(SHORT.toMillis(), limit.toMillis()));
    connection.setReadTimeout((int) limit.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", accept);
    if (connection instanceof HttpsURLConnection secured) {
      sockets.ifPresent(secured::setSSLSocketFactory);
    }
    if (!authorization.isEmpty()) {
      connection.setRequestProperty("Authorization", authorization);
    }
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.getOutputStream().write(body.toString().getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    if (status < 100 || connection.getHeaderField(HEADER) == null) {
      throw foreign();
    }
    return connection;
  }

  private static byte[] bytes(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return in == null ? new byte[0] : in.readNBytes(LARGEST + 1);
    }
  }

  private JsonNode body(HttpURLConnection connection, int status) throws IOException {
    try {
      byte[] bytes = bytes(connection, status);
      if (bytes.length == 0) {
        return MissingNode.getInstance();
      }
      String type =
          Optional.ofNullable(connection.getContentType()).orElse("").toLowerCase(Locale.ROOT);
      boolean json =
          type.startsWith("application/json") || type.startsWith("application/problem+json");
      if (!json || bytes.length > LARGEST) {
        throw foreign();
      }
      return JSON.readTree(bytes);
    } catch (JacksonException notJson) {
      throw foreign();
    }
  }

  private CommandFailure explained(@Nullable Throwable failure, Duration limit) {
    if (failure instanceof CommandFailure told) {
      return told;
    }
    if (failure instanceof SocketTimeoutException) {
      return silent(limit);
    }
    if (failure instanceof UnknownHostException) {
      return unreachable("no such host: check --url");
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      String reason =
          String.valueOf(failure.getMessage())
              .toLowerCase(Locale.ROOT)
              .replaceAll(" *\\(.*\\)", "");
      return unreachable(
          reason + ": start it with \"ring-daemon run\", or name another with --url=URL");
    }
    if (failure instanceof SSLException tls) {
      return unreachable(tlsTrouble(tls));
    }
    if (failure instanceof IOException) {
      return foreign();
    }
    throw new IllegalStateException("asking " + url, failure);
  }

  private static String tlsTrouble(SSLException failure) {
    String why = String.valueOf(failure.getMessage());
    if (why.contains("plaintext") || why.contains("Unsupported or unrecognized")) {
      return "no TLS there: use http://";
    }
    boolean refused = why.contains("Received fatal alert");
    return refused
        ? "it refuses our certificate or our TLS (" + why + "): see --cert-file"
        : "its certificate is not trusted (" + why + "): name who signed it with --ca-file=FILE";
  }

  private CommandFailure unreachable(String reason) {
    return new CommandFailure(ExitCode.UNREACHABLE, "can't reach " + url + ": " + reason);
  }

  private CommandFailure silent(Duration limit) {
    String time = String.format(Locale.ROOT, "%.1f s", limit.toMillis() / 1000.0);
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        url
            + " is silent, no answer within "
            + time
            + ": is that ring-daemon's port? See --url=URL");
  }

  private CommandFailure foreign() {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        url + " answers, but is not ring-daemon: check its port, or name another with --url=URL");
  }
}
