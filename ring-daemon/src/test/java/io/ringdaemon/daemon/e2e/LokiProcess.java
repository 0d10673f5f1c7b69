package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A real Loki on loopback that keeps its rings in a store; nothing of it was written here. */
final class LokiProcess implements AutoCloseable {
  /** Its four rings: the key below {@code collectors/}, and the page. */
  static final Map<String, String> PAGES =
      Map.of(
          "ring", "/ring",
          "distributor", "/distributor/ring",
          "scheduler", "/scheduler/ring",
          "compactor", "/compactor/ring");

  static final int HEARTBEAT_SECONDS = 2;
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  final String id;
  private final int port;
  private final Path log;
  private final Process process;

  /** {@code target} is {@code all} or one of its parts. */
  LokiProcess(String id, String target, Path folder, StoreProcess store) throws IOException {
    this.id = id;
    this.port = DaemonProcess.freePort();
    this.log = folder.resolve(id + ".log");
    Path config = folder.resolve(id + ".yaml");
    Files.writeString(config, config(folder.resolve(id + ".data"), store));
    ProcessBuilder command =
        new ProcessBuilder(
            System.getProperty("loki"),
            "-config.file=" + config,
            "-target=" + target,
            "-log.level=debug");
    command.environment().put("TZ", "UTC");
    process =
        command
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  private String config(Path data, StoreProcess store) throws IOException {
    return """
    auth_enabled: false
    server: {http_listen_address: 127.0.0.1, http_listen_port: %d, grpc_listen_address: 127.0.0.1, grpc_listen_port: %d}
    analytics: {reporting_enabled: false}
    common:
      path_prefix: %s
      replication_factor: 1
      instance_addr: 127.0.0.1
      ring: {instance_id: %s, instance_addr: 127.0.0.1, heartbeat_period: %ds, kvstore: %s}
      storage: {filesystem: {chunks_directory: %3$s/chunks, rules_directory: %3$s/rules}}
    schema_config: {configs: [{from: "2024-01-01", store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]}
    """
        .formatted(
            port, DaemonProcess.freePort(), data, id, HEARTBEAT_SECONDS, store.kvstoreOfLoki());
  }

  /** 0 if it can't be reached. */
  int status(String path) throws InterruptedException {
    return ask(request(path)).map(HttpResponse::statusCode).orElse(0);
  }

  boolean running() {
    return process.isAlive();
  }

  /** The page people look at. */
  String page(String ring) throws InterruptedException {
    return ask(request(path(ring))).map(HttpResponse::body).orElse("");
  }

  /** What its page says as JSON, by instance id; empty when it can't be reached. */
  Map<String, JsonNode> shards(String ring) throws InterruptedException {
    return ask(request(path(ring)).header("Accept", "application/json"))
        .map(answer -> shards(DaemonProcess.JSON.readTree(answer.body())))
        .orElse(Map.of());
  }

  /** Instances in the JSON of dskit's ring page, ours or Loki's, by id. */
  static Map<String, JsonNode> shards(JsonNode page) {
    Map<String, JsonNode> shards = new TreeMap<>();
    page.path("shards").forEach(shard -> shards.put(shard.path("id").asString(""), shard));
    return shards;
  }

  /** Presses "Forget" on its page; the status of the answer. */
  int forget(String ring, String instance) throws InterruptedException {
    return ask(request(path(ring))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("forget=" + instance)))
        .map(HttpResponse::statusCode)
        .orElse(0);
  }

  /** How often it logged that a CAS came too late and was made again. */
  long conflicts() throws IOException {
    try (var lines = Files.lines(log)) {
      return lines
          .filter(
              line ->
                  line.contains("failed to CAS, revision and version did not match in etcd")
                      || line.contains("error CASing, trying again"))
          .count();
    }
  }

  private static String path(String ring) {
    return Optional.ofNullable(PAGES.get(ring)).orElseThrow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(5));
  }

  private static Optional<HttpResponse<String>> ask(HttpRequest.Builder request)
      throws InterruptedException {
    try {
      return Optional.of(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException unreachable) {
      return Optional.empty();
    }
  }

  /** SIGTERM: it leaves its rings, which takes a while. */
  void terminate() {
    process.destroy();
  }

  void awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(id + " does not end within " + limit);
    }
  }

  /** SIGKILL, and waits. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
