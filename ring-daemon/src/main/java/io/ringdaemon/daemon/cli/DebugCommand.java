package io.ringdaemon.daemon.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/**
 * {@code debug}: what a report of a fault needs, in one file. What can't be had is named in it, and
 * the rest is gathered all the same.
 */
@Command(
    name = "debug",
    description = {
      "Gather what a report of a fault needs into one ZIP file: version, configuration (secrets",
      "hidden), members, rings with leader and events, metrics at two moments, and, of a daemon on",
      "this host, what its threads do. Names and addresses are in it: look before you send it."
    },
    footer = {
      "",
      "Examples:",
      "  ring-daemon debug",
      "  ring-daemon debug --file=/tmp/ring-1.zip --url=http://10.0.0.5:7980",
      "",
      "Exit codes: 0 written, 1 it can't be written, 2 wrong usage, 3 daemon can't be reached"
    })
final class DebugCommand extends CliCommand {
  private static final long BETWEEN_METRICS_MILLIS = 2000;

  @Mixin private DaemonOptions daemon;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Where to (default: ring-daemon-debug-NODE-TIME.zip here).")
  private Optional<Path> file = Optional.empty();

  /** What to ask for, by the name it gets in the archive. */
  private final Map<String, String> paths = new LinkedHashMap<>();

  private final StringBuilder notes = new StringBuilder();

  @Override
  public Integer call() throws InterruptedException {
    DaemonClient client = daemon.client();
    JsonNode version = client.get("/version").orFail().body();
    Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
    Path target = file.orElseGet(() -> defaultName(version, now));
    notes.append(
        "ring-daemon debug of %s at %s, by %s%n%n".formatted(client, now, VersionCommand.line()));
    choose(client);
    try (OutputStream out = created(target);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      gather(client, zip);
      put(zip, "README.txt", notes.toString().getBytes(StandardCharsets.UTF_8));
    } catch (FileAlreadyExistsException exists) {
      throw new CommandFailure(ExitCode.USAGE, target + " exists: name another with --file=FILE");
    } catch (IOException unwritable) {
      throw new CommandFailure(
          ExitCode.NO, "can't write " + target + ": " + unwritable + "; see --file=FILE");
    }
    out().println("wrote " + target + "; its README.txt names what is in it");
    out().println("Secrets are hidden, names and addresses are not: look before you send it.");
    out().flush();
    return ExitCode.OK;
  }

  private static Path defaultName(JsonNode version, Instant now) {
    String node = Table.field(version, "node").replaceAll("[^A-Za-z0-9._-]", "_");
    String time = now.toString().replaceAll("[:-]", "");
    return Path.of("ring-daemon-debug-%s-%s.zip".formatted(node, time));
  }

  /** For nobody but us: it tells much about a host. */
  private static OutputStream created(Path target) throws IOException {
    Files.createFile(
        target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.newOutputStream(target);
  }

  private void choose(DaemonClient client) {
    paths.put("metrics-1.txt", "/metrics");
    paths.put("version.json", "/version");
    paths.put("config.yaml", "/config");
    paths.put("ready.txt", "/ready");
    paths.put("members.json", "/api/v1/members");
    paths.put("rings.json", ClientCommand.RINGS);
    int number = 0;
    for (JsonNode ring : client.get(ClientCommand.RINGS).body().path("rings")) {
      String name = Table.field(ring, "ring");
      String folder = "ring-" + ++number + "-" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "/";
      String path = ClientCommand.ringPath(name);
      paths.put(folder + "ring.json", path);
      paths.put(folder + "leader.json", path + "/leader");
      paths.put(folder + "events.json", path + "/events");
      paths.put(folder + "ownership.json", path + "/ownership");
    }
  }

  private void gather(DaemonClient client, ZipOutputStream zip)
      throws IOException, InterruptedException {
    Progress progress = new Progress(err(), paths.size() + 2);
    for (Map.Entry<String, String> one : paths.entrySet()) {
      progress.next(one.getKey());
      ask(client, zip, one.getKey(), one.getValue());
    }
    progress.next("threads.txt");
    try {
      put(zip, "threads.txt", LocalThreads.dump(client.toString()));
    } catch (IOException none) {
      note("threads.txt", "missing: " + none.getMessage());
    }
    progress.next("metrics-2.txt");
    TimeUnit.MILLISECONDS.sleep(BETWEEN_METRICS_MILLIS);
    ask(client, zip, "metrics-2.txt", "/metrics");
    progress.clear();
  }

  private void ask(DaemonClient client, ZipOutputStream zip, String name, String path)
      throws IOException {
    RawAnswer answer;
    try {
      answer = client.raw(path);
    } catch (CommandFailure failure) {
      note(name, "missing: GET " + path + ": " + failure.getMessage());
      return;
    }
    put(zip, name, answer.bytes());
    if (!answer.ok()) {
      note(name, "GET " + path + " was refused: " + answer.problem());
    }
  }

  private void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
    note(name, bytes.length + " bytes");
  }

  private void note(String name, String what) {
    notes.append(name).append(": ").append(what).append(System.lineSeparator());
  }
}
