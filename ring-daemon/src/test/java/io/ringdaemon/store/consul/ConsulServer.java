package io.ringdaemon.store.consul;

import io.ringdaemon.FreePorts;
import io.ringdaemon.store.RealServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A real Consul server on free ports of loopback, in a folder of the test. */
public final class ConsulServer extends RealServer {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final List<Integer> ports = List.of(FreePorts.one(), FreePorts.one());
  private final List<String> settings;
  private final boolean tls;
  private final String token;

  private ConsulServer(Path folder, boolean tls, String token, List<String> settings) {
    super(folder, "consul");
    this.tls = tls;
    this.token = token;
    this.settings = settings;
  }

  /** Starts one; the test is skipped, saying so, where there is no Consul. */
  public static ConsulServer start(Path folder, String... settings) throws IOException {
    return start(folder, false, "", settings);
  }

  /**
   * Starts one.
   *
   * @param tls it speaks TLS only: how, is among the settings
   * @param token the one that may do everything; empty: anybody may
   * @param settings as in Consul's configuration files
   */
  static ConsulServer start(Path folder, boolean tls, String token, String... settings)
      throws IOException {
    Assumptions.assumeTrue(
        consul().isPresent(),
        "there is no Consul: build it by scripts/partners, put it on the PATH, or say"
            + " -Dconsul=/path/to/consul");
    ConsulServer server = new ConsulServer(folder, tls, token, List.of(settings));
    server.start();
    return server;
  }

  /** Where programs that tests talk to are built once, outside the checkout. */
  private static Optional<String> consul() {
    return program("consul")
        .or(
            () ->
                Optional.of(partners().resolve("consul"))
                    .filter(Files::isExecutable)
                    .map(Path::toString));
  }

  private static Path partners() {
    String given = System.getenv("RING_DAEMON_PARTNERS");
    if (given != null && !given.isEmpty()) {
      return Path.of(given);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return base.resolve("ring-daemon/partners");
  }

  @Override
  protected List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                consul().orElseThrow(),
                "agent",
                "-server",
                "-bootstrap-expect=1",
                "-node=test",
                "-data-dir=" + data(),
                "-bind=127.0.0.1",
                "-client=127.0.0.1",
                "-http-port=" + (tls ? -1 : port()),
                "-https-port=" + (tls ? port() : -1),
                "-server-port=" + ports.get(0),
                "-serf-lan-port=" + ports.get(1),
                "-serf-wan-port=-1",
                "-dns-port=-1",
                "-grpc-port=-1",
                "-grpc-tls-port=-1",
                "-log-level=warn",
                "-hcl=disable_update_check=true",
                "-hcl=performance { raft_multiplier = 1 }"));
    settings.forEach(one -> command.add("-hcl=" + one));
    return command;
  }

  @Override
  protected boolean answers() {
    if (tls) {
      return true;
    }
    try { // a write: for a moment after its election a leader still refuses them
      return call("PUT", "kv/ready", new byte[0]).statusCode() == 200
          && call("DELETE", "kv/ready", new byte[0]).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asks it in a way that shares nothing with the client under test. */
  HttpResponse<byte[]> call(String method, String path, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + endpoint() + "/v1/" + path))
            .timeout(Duration.ofSeconds(5))
            .header("X-Consul-Token", token)
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void put(String key, byte[] value) throws IOException, InterruptedException {
    call("PUT", "kv/" + key, value);
  }

  @Override
  public Optional<byte[]> get(String key) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = call("GET", "kv/" + key + "?raw", new byte[0]);
    return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
  }

  @Override
  public void delete(String key) throws IOException, InterruptedException {
    call("DELETE", "kv/" + key, new byte[0]);
  }

  @Override
  public void clear() throws IOException, InterruptedException {
    call("DELETE", "kv/?recurse", new byte[0]);
  }
}
