package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** A real {@code ring-daemon run} on a host of its own, asked there through loopback. */
final class HostDaemon implements AutoCloseable {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));
  private static final int GOSSIP = 7946;
  private static final String API = "http://127.0.0.1:7980/api/v1/rings/default";
  static final String LEADER = "/leader";

  final int host;
  final String name;
  private final Hosts hosts;
  private final Path log;
  private final Process process;

  /** Starts one on host {@code i} of {@code count}; the others are its seeds. */
  HostDaemon(Hosts hosts, int i, int count, Path folder) throws IOException {
    this.hosts = hosts;
    this.host = i;
    this.name = "ring-" + i;
    this.log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("scripts/ring-daemon").toString());
    command.add("run");
    command.add("--node-name=" + name);
    command.add("--http=127.0.0.1:7980");
    command.add("--bind=" + Hosts.address(i) + ":" + GOSSIP);
    command.add("--data-dir=" + folder.resolve(name));
    command.add("--set=memberlist.allow_insecure=true");
    command.add("--set=rings.default.tokens_observe_period=1s");
    IntStream.rangeClosed(1, count)
        .mapToObj(seed -> "--join=" + Hosts.address(seed) + ":" + GOSSIP)
        .forEach(command::add);
    process =
        new ProcessBuilder(hosts.in(i, command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  /** What it answers at a path of the ring; an empty object when it doesn't. */
  JsonNode json(String path) throws InterruptedException {
    return poll(path, "", Duration.ofSeconds(3)).body;
  }

  /**
   * An answer.
   *
   * @param index from where to wait for a change
   */
  record Answer(JsonNode body, String index) {}

  /** Waits for a change after {@code index}, or asks at once if that is empty. */
  Answer poll(String path, String index, Duration limit) throws InterruptedException {
    String query = index.isEmpty() ? "" : "?wait=2s&index=" + index;
    try {
      String said =
          hosts.ask(
              host,
              "curl",
              "-sS",
              "--noproxy",
              "*",
              "--max-time",
              Long.toString(limit.toSeconds()),
              "-w",
              "\n%header{x-ring-index}",
              API + path + query);
      int end = said.lastIndexOf('\n');
      return new Answer(
          DaemonProcess.JSON.readTree(said.substring(0, Math.max(0, end))),
          said.substring(end + 1).trim());
    } catch (IOException silent) {
      return new Answer(DaemonProcess.JSON.createObjectNode(), index);
    }
  }

  /** Makes an instance read-only or not, through this one. */
  void readOnly(String id, boolean on) throws IOException, InterruptedException {
    hosts.ask(
        host,
        "curl",
        "-sS",
        "--fail",
        "--noproxy",
        "*",
        "--max-time",
        "10",
        "-X",
        "PUT",
        "-d",
        Boolean.toString(on),
        API + "/instances/" + id + "/read-only");
  }

  String leader() throws InterruptedException {
    return json(LEADER).path("leaderId").asString("");
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
