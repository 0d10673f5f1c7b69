package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringdaemon.daemon.process.BoundedRun;
import io.ringdaemon.daemon.process.ProcessGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fencing example of docs/elections.md on a real database. */
@Tag("slow")
class FencingIT {
  @TempDir Path folder;

  @Test
  void aDeposedLeadersWriteChangesNothing() throws Exception {
    assumeTrue(
        ProcessGroup.find("sqlite3", System.getenv("PATH")).isPresent(),
        "no sqlite3 here: apt-get install sqlite3");
    Path script = Files.writeString(folder.resolve("fence.sql"), Docs.block("elections.md", "sql"));
    BoundedRun.Outcome outcome =
        BoundedRun.run(
            List.of("sqlite3", "-bail", folder.resolve("db").toString(), ".read " + script),
            Map.of(),
            Duration.ofSeconds(60));
    assertThat(outcome.output()).isEqualTo("run by 8|8");
    assertThat(outcome.code()).isZero();
  }
}
