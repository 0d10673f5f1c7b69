package io.ringdaemon.daemon.e2e;

import io.ringdaemon.FreePorts;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real {@code ring-daemon run} on loopback, started by the launcher; its pid is the JVM's. */
final class DaemonProcess implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path ROOT = Path.of(System.getProperty("project.root"));
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  final String name;
  final int httpPort;
  final int gossipPort;
  final Path dataDir;
  final Path log;
  private final List<String> command;
  private Process process;

  DaemonProcess(String name, int httpPort, int gossipPort, Path folder, List<String> options)
      throws IOException {
    this(name, httpPort, gossipPort, folder, options, UnaryOperator.identity());
  }

  /**
   * Starts one; {@code options} may say otherwise where it gossips and where it keeps its data.
   *
   * @param started from the command line of {@code ring-daemon run} to that which starts it
   */
  DaemonProcess(
      String name,
      int httpPort,
      int gossipPort,
      Path folder,
      List<String> options,
      UnaryOperator<List<String>> started)
      throws IOException {
    this.name = name;
    this.httpPort = httpPort;
    this.gossipPort = gossipPort;
    this.dataDir = folder.resolve(name);
    this.log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("scripts/ring-daemon").toString());
    command.add("run");
    command.add("--node-name=" + name);
    command.add("--http=127.0.0.1:" + httpPort);
    if (options.stream().noneMatch(option -> option.startsWith("--bind"))) {
      command.add("--bind=127.0.0.1:" + gossipPort);
    }
    if (options.stream().noneMatch(option -> option.startsWith("--data-dir"))) {
      command.add("--data-dir=" + dataDir);
    }
    command.add("--set=rings.default.tokens_observe_period=1s");
    command.addAll(options);
    this.command = started.apply(command);
    start();
  }

  /** A port that was free a moment ago. */
  static int freePort() {
    return FreePorts.one();
  }

  /** Starts it, anew after {@link #kill}. */
  void start() throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  long pid() {
    return process.pid();
  }

  boolean running() {
    return process.isAlive();
  }

  /** SIGTERM, without starting another process for it. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL, without waiting. */
  void killNow() {
    process.destroyForcibly();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** SIGTERM, STOP or CONT. */
  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
  }

  /** Waits for the end; its exit code. */
  int end() throws InterruptedException {
    if (!process.waitFor(15, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " does not end\n" + tail());
    }
    return process.exitValue();
  }

  Optional<HttpResponse<String>> ask(HttpRequest.Builder request) throws InterruptedException {
    try {
      return Optional.of(
          HTTP.send(
              request.timeout(Duration.ofSeconds(3)).build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)));
    } catch (IOException unreachable) {
      return Optional.empty();
    }
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path));
  }

  /** A page's text; empty when it can't be reached. */
  String page(String path) throws InterruptedException {
    return ask(to(path).header("Accept", "text/html")).map(HttpResponse::body).orElse("");
  }

  int status(String path) throws InterruptedException {
    return ask(to(path)).map(HttpResponse::statusCode).orElse(0);
  }

  /** The answer as JSON; an empty object when it can't be reached or there is none. */
  JsonNode json(String path) throws InterruptedException {
    return ask(to(path))
        .filter(answer -> answer.statusCode() == 200)
        .map(answer -> JSON.readTree(answer.body()))
        .orElse(JSON.createObjectNode());
  }

  JsonNode ring() throws InterruptedException {
    return json("/api/v1/rings/default?tokens=true");
  }

  Optional<JsonNode> instance(String id) throws InterruptedException {
    for (JsonNode instance : ring().path("instances")) {
      if (instance.path("id").asString("").equals(id)) {
        return Optional.of(instance);
      }
    }
    return Optional.empty();
  }

  String state(String id) throws InterruptedException {
    return instance(id).map(one -> one.path("state").asString("")).orElse("");
  }

  /** Who leads as this one says; empty: nobody, or no answer. */
  String leader() throws InterruptedException {
    return json("/api/v1/rings/default/leader").path("leaderId").asString("");
  }

  long epoch() throws InterruptedException {
    return json("/api/v1/rings/default/leader").path("epoch").asLong(0);
  }

  boolean saysItLeads() throws InterruptedException {
    return json("/api/v1/rings/default/leader").path("isLeader").asBoolean(false);
  }

  HttpResponse<String> forget(String id) throws InterruptedException {
    return ask(to("/ring")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("forget=" + id)))
        .orElseThrow(() -> new AssertionError(name + " does not answer\n" + tail()));
  }

  /** The sum of all samples whose line begins so. */
  double metric(String name) throws InterruptedException {
    return page("/metrics")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Resident memory in MiB, as Linux tells. */
  long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return "--- "
          + name
          + "\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()))
          + "\n";
    } catch (IOException none) {
      return "--- " + name + " has no log\n";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
