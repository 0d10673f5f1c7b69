package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells a newcomer to run. */
@Tag("slow")
class LocalClusterIT {
  @TempDir Path folder;

  @Test
  void oneCommandShowsAClusterAndCtrlCEndsItAll() throws Exception {
    Path output = folder.resolve("output");
    Process script =
        new ProcessBuilder(
                Path.of(System.getProperty("project.root"), "scripts/local-cluster").toString(),
                "3",
                "--port-base=" + FreePorts.run(103))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(4))
          .until(
              () ->
                  !script.isAlive() || Files.readString(output).contains("Ctrl-C stops them all"));
      List<String> lines = Files.readAllLines(output);
      assertThat(lines).anyMatch(line -> line.startsWith("page:") && line.endsWith("/ring"));
      assertThat(lines)
          .anyMatch(line -> line.startsWith("leader:") && line.contains("3 instances ACTIVE"));
      List<ProcessHandle> daemons = script.descendants().filter(one -> isDaemon(one)).toList();
      assertThat(daemons).hasSize(3);
      new ProcessBuilder("kill", "-INT", Long.toString(script.pid())).start().waitFor();
      assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(daemons).noneMatch(ProcessHandle::isAlive);
    } finally {
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
    }
  }

  private static boolean isDaemon(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("java");
  }
}
