package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** A real {@code ring-daemon run} on a host of its own, asked there through loopback. */
final class HostDaemon implements AutoCloseable {
  private static final int GOSSIP = 7946;
  private static final int HTTP = 7980;
  private static final String API = "http://127.0.0.1:" + HTTP + "/api/v1/rings/default";
  static final String LEADER = "/leader";

  final int host;
  final String name;
  private final Hosts hosts;
  private final DaemonProcess process;

  /** Starts one on host {@code i} of {@code count}; the others are its seeds. */
  HostDaemon(Hosts hosts, int i, int count, Path folder) throws IOException {
    this.hosts = hosts;
    this.host = i;
    this.name = "ring-" + i;
    List<String> options = new ArrayList<>();
    options.add("--bind=" + Hosts.address(i) + ":" + GOSSIP);
    options.add("--set=memberlist.allow_insecure=true");
    IntStream.rangeClosed(1, count)
        .mapToObj(seed -> "--join=" + Hosts.address(seed) + ":" + GOSSIP)
        .forEach(options::add);
    process =
        new DaemonProcess(name, HTTP, GOSSIP, folder, options, command -> hosts.in(i, command));
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
    return process.tail();
  }

  @Override
  public void close() {
    process.close();
  }
}
