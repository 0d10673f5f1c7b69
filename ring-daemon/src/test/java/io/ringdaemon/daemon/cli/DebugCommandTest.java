package io.ringdaemon.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class DebugCommandTest {
  private final FakeDaemon daemon = new FakeDaemon();
  @TempDir private Path directory;

  @BeforeEach
  void fill() {
    String ring = "GET /api/v1/rings/a%20b%2F..";
    daemon
        .answer("GET /version", 200, "{'node':'n/1','release':'0.1.0'}")
        .answer("GET /api/v1/rings", 200, "{'rings':[{'ring':'a b/..'}]}")
        .answer("GET /api/v1/members", 200, "{'members':[]}")
        .answer("GET /config", 200, "node_name: n")
        .answer("GET /ready", 503, "{'detail':'not ready: alone'}")
        .answer("GET /metrics", 200, "up 1")
        .answer("GET /metrics", 200, "up 2")
        .answer(ring, 200, "{'ring':'a b/..'}")
        .answer(ring + "/leader", 200, "{'leaderId':null}")
        .answer(ring + "/events", 200, "{'events':[]}");
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  private Outcome debug(Path file) {
    return Outcome.of("debug", "--file=" + file, "--url=" + daemon.url());
  }

  private static Map<String, String> read(Path archive) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  @Test
  void everythingThatCanBeHadIsInTheArchiveAndTheRestIsNamed() throws Exception {
    Path archive = directory.resolve("report.zip");

    Outcome outcome = debug(archive);

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("wrote " + archive).contains("Secrets are hidden");
    Map<String, String> files = read(archive);
    assertThat(files)
        .containsEntry("config.yaml", "node_name: n")
        .containsEntry("metrics-1.txt", "up 1")
        .containsEntry("metrics-2.txt", "up 2")
        .containsEntry("members.json", "{\"members\":[]}")
        .containsEntry("ring-1-a_b_../ring.json", "{\"ring\":\"a b/..\"}")
        .containsEntry("ring-1-a_b_../leader.json", "{\"leaderId\":null}")
        .containsKeys("version.json", "rings.json", "ring-1-a_b_../events.json");
    assertThat(files.get("README.txt"))
        .contains("ring-daemon debug of " + daemon.url() + " at ")
        .contains("ready.txt: GET /ready was refused: not ready: alone")
        .contains(
            "ring-1-a_b_../ownership.json: GET /api/v1/rings/a%20b%2F../ownership was refused");
    // the fake daemon is this very process
    assertThat(files.get("threads.txt")).contains("everythingThatCanBeHadIsInTheArchive");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatExistsIsNotOverwritten() throws Exception {
    Path archive = Files.writeString(directory.resolve("report.zip"), "mine");

    Outcome outcome = debug(archive);

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("exists: name another with --file=FILE");
    assertThat(archive).hasContent("mine");
  }

  @Test
  void whatCannotBeWrittenOrReachedIsSaid() {
    Outcome nowhere = debug(directory.resolve("none").resolve("report.zip"));
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.err()).startsWith("ring-daemon: can't write ").contains("--file=FILE");

    Outcome unreachable = Outcome.of("debug", "--url=http://127.0.0.1:1");
    assertThat(unreachable.code()).isEqualTo(3);
    assertThat(unreachable.out()).isEmpty();
  }
}
