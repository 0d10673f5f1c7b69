package io.ringdaemon.gossip.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenarios find bugs: each {@link Mutation} is compiled, put before the real class, and must
 * make its scenario fail for one of the first {@value #SEEDS} seeds. The real class, compiled and
 * loaded in the same way, must not, for the same seeds.
 */
@Tag("mutations")
class MutationTest {
  private static final long SEEDS = 200;
  private static final Path ROOT = Path.of(System.getProperty("project.root"));

  @TempDir Path folder;

  static List<Mutation> mutations() {
    return Mutation.ALL;
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void isCaught(Mutation mutation) throws Exception {
    String caught = run(mutation, "mutated", mutation.mutated(ROOT), SEEDS - 1);
    assertThat(caught).as("survived: %s", mutation).isNotEmpty();
    long seed = Long.parseLong(caught.substring(0, caught.indexOf(' ')));
    System.out.println(mutation + ", in " + mutation.scenario() + " by seed " + caught);
    assertThat(run(mutation, "control", mutation.original(ROOT), seed)).isEmpty();
  }

  private String run(Mutation mutation, String name, String source, long last) throws Exception {
    Path classes = compile(mutation, name, source);
    List<URL> path = new ArrayList<>();
    path.add(classes.toUri().toURL());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      return (String)
          loader
              .loadClass(Seeds.class.getName())
              .getMethod("firstFailing", String.class, long.class)
              .invoke(null, mutation.scenario(), last);
    }
  }

  private Path compile(Mutation mutation, String name, String source) throws IOException {
    Path sources = Files.createDirectories(folder.resolve(name));
    Path file = sources.resolve(Path.of(mutation.source()).getFileName());
    Files.writeString(file, source);
    Path classes = Files.createDirectories(folder.resolve(name + "-classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-nowarn",
            "-g",
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            file.toString());
    assertThat(result).as("compiling %s", mutation).isZero();
    return classes;
  }
}
