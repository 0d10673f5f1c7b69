package io.ringdaemon.store.etcd;

import io.ringdaemon.FreePorts;
import io.ringdaemon.store.RealClient;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real etcd on free ports of loopback, in a folder of the test. */
public final class EtcdServer implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final Path folder;
  private final int port;
  private final int peerPort;
  private final List<String> options;
  private final String scheme;
  private Process process;

  private EtcdServer(Path folder, String scheme, List<String> options) throws IOException {
    this.folder = folder;
    this.scheme = scheme;
    this.options = options;
    this.port = FreePorts.one();
    this.peerPort = FreePorts.one();
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

  private static Optional<String> program(String name) {
    String given = System.getProperty(name);
    if (given != null) {
      return Optional.of(given);
    }
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /** Starts it again on what it had. */
  public void start() throws IOException {
    String client = scheme + "://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                program("etcd").orElseThrow(),
                "--name=t",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=t=" + peer));
    command.addAll(options);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("etcd.log").toFile()))
            .start();
    if (scheme.equals("http")) {
      RealClient.until("etcd answers", this::healthy);
    }
  }

  private boolean healthy() {
    if (!process.isAlive()) {
      throw new AssertionError("etcd ended: see " + folder.resolve("etcd.log"));
    }
    try {
      HttpRequest ask =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
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

  public int port() {
    return port;
  }

  public String endpoint() {
    return "127.0.0.1:" + port;
  }

  /** SIGTERM, and waits. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** Its process stands still, as if its machine hung; connections stay open. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /** Asks the JSON gateway: a way that shares nothing with the client under test. */
  public String post(String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/" + path))
            .timeout(Duration.ofSeconds(5))
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Writes bytes at a key, as another program would. */
  public void put(String key, byte[] value) throws IOException, InterruptedException {
    post("kv/put", "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(base64(key), base64(value)));
  }

  /** The bytes at a key. */
  public Optional<byte[]> get(String key) throws IOException, InterruptedException {
    String answer = post("kv/range", "{\"key\":\"" + base64(key) + "\"}");
    int at = answer.indexOf("\"value\":\"");
    return at < 0
        ? Optional.empty()
        : Optional.of(
            Base64.getDecoder().decode(answer.substring(at + 9, answer.indexOf('"', at + 9))));
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

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
