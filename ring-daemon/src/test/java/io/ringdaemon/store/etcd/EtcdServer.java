package io.ringdaemon.store.etcd;

import io.ringdaemon.FreePorts;
import io.ringdaemon.store.RealServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A real etcd on free ports of loopback, in a folder of the test. */
public final class EtcdServer extends RealServer {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final int peerPort = FreePorts.one();
  private final List<String> options;
  private final String scheme;

  private EtcdServer(Path folder, String scheme, List<String> options) {
    super(folder, "etcd");
    this.scheme = scheme;
    this.options = options;
  }

  /** Starts one; the test is skipped, saying so, where etcd is not installed. */
  public static EtcdServer start(Path folder, String... options) throws IOException {
    return startAs("http", folder, options);
  }

  static EtcdServer startAs(String scheme, Path folder, String... options) throws IOException {
    Assumptions.assumeTrue(
        program("etcd").isPresent(),
        "etcd is not installed: apt-get install etcd-server (or -Detcd=/path/to/etcd)");
    EtcdServer server = new EtcdServer(folder, scheme, List.of(options));
    server.start();
    return server;
  }

  @Override
  protected List<String> command() {
    String client = scheme + "://" + endpoint();
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                program("etcd").orElseThrow(),
                "--name=t",
                "--data-dir=" + data(),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=t=" + peer));
    command.addAll(options);
    return command;
  }

  @Override
  protected boolean answers() {
    if (!scheme.equals("http")) {
      return true;
    }
    try {
      HttpRequest ask =
          HttpRequest.newBuilder(URI.create("http://" + endpoint() + "/health"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return HTTP.send(ask, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asks the JSON gateway: a way that shares nothing with the client under test. */
  public String post(String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + endpoint() + "/v3/" + path))
            .timeout(Duration.ofSeconds(5))
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Override
  public void put(String key, byte[] value) throws IOException, InterruptedException {
    post("kv/put", "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(base64(key), base64(value)));
  }

  @Override
  public Optional<byte[]> get(String key) throws IOException, InterruptedException {
    String answer = post("kv/range", "{\"key\":\"" + base64(key) + "\"}");
    int at = answer.indexOf("\"value\":\"");
    return at < 0
        ? Optional.empty()
        : Optional.of(
            Base64.getDecoder().decode(answer.substring(at + 9, answer.indexOf('"', at + 9))));
  }

  @Override
  public void delete(String key) throws IOException, InterruptedException {
    post("kv/deleterange", "{\"key\":\"" + base64(key) + "\"}");
  }

  @Override
  public void clear() throws IOException, InterruptedException {
    post("kv/deleterange", "{\"key\":\"AA==\",\"range_end\":\"AA==\"}");
  }

  /** The revision now, then everything before it is forgotten. */
  public void compact() throws IOException, InterruptedException {
    String answer = post("kv/range", "{\"key\":\"" + base64("x") + "\"}");
    String revision = answer.replaceAll(".*\"revision\":\"(\\d+)\".*", "$1");
    post("kv/compaction", "{\"revision\":\"%s\",\"physical\":true}".formatted(revision));
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
