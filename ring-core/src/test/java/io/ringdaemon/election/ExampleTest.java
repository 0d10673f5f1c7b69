package io.ringdaemon.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in docs/examples does what its text says. */
@Tag("slow")
class ExampleTest {
  private static final Path SOURCE = Path.of("..", "docs", "examples", "Elect.java");

  @TempDir Path classes;

  @Test
  void bothCandidatesLeadOneAfterTheOther() throws Exception {
    ByteArrayOutputStream problems = new ByteArrayOutputStream();
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                InputStream.nullInputStream(),
                problems,
                problems,
                "-proc:none",
                "-d",
                classes.toString(),
                SOURCE.toString());
    assertThat(compiled).as(problems.toString(StandardCharsets.UTF_8)).isZero();

    String path = classes + File.pathSeparator + System.getProperty("java.class.path");
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                "Elect")
            .redirectErrorStream(true)
            .start();
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("one claims the lead", "two claims the lead", "both have led");
  }
}
