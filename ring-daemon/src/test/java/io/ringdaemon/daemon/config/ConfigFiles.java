package io.ringdaemon.daemon.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations from text, for tests. */
final class ConfigFiles {
  private ConfigFiles() {}

  static DaemonConfig read(Path directory, String yaml, String... sets) {
    return sources(directory, yaml, false, sets).resolve(Map.of());
  }

  static ConfigSources sources(Path directory, String yaml, boolean expandEnv, String... sets) {
    try {
      Path file = Files.writeString(directory.resolve("ring.yaml"), yaml);
      return new ConfigSources(Optional.of(file), expandEnv, List.of(sets), ShorthandFlags.NONE);
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  /** Expects exactly this problem; the directory of the file is left out of it. */
  static void expectProblem(Path directory, String problem, Runnable reading) {
    assertThatThrownBy(reading::run)
        .isInstanceOf(ConfigException.class)
        .satisfies(
            refused -> {
              String told = refused.getMessage().replace(directory + "/", "");
              org.assertj.core.api.Assertions.assertThat(told).isEqualTo(problem);
            });
  }
}
