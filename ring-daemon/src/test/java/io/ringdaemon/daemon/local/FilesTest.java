package io.ringdaemon.daemon.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.token.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What survives a daemon: real files. */
@Tag("slow")
class FilesTest {
  @TempDir Path folder;
  private final NettyLoop loop = new NettyLoop(Metrics.unseen());

  @AfterEach
  void stop() {
    loop.stop();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void tokensComeBackInDskitsForm() throws Exception {
    Path file = folder.resolve("t.json");
    try (DataDir dir = DataDir.open(folder, loop)) {
      TokensFile store = new TokensFile(dir, file);
      assertThat(get(store.load())).isEmpty();
      get(store.save(Tokens.of(3, 1, 4294967295L)));
      assertThat(Files.readString(file)).isEqualTo("{\"tokens\":[1,3,4294967295]}");
      assertThat(get(store.load())).hasValue(Tokens.of(1, 3, 4294967295L));
    }
  }

  @Test
  void aCorruptTokensFileIsPutAsideAndNamed() throws Exception {
    for (String text :
        List.of(
            "",
            "{",
            "[1]",
            "{\"tokens\":[-1]}",
            "{\"tokens\":[4294967296]}",
            "{\"tokens\":[null]}")) {
      Path file = Files.writeString(folder.resolve("t.json"), text);
      try (DataDir dir = DataDir.open(folder, loop)) {
        assertThatThrownBy(() -> get(new TokensFile(dir, file).load()))
            .as(text)
            .hasMessageContaining("t.json");
        assertThat(Files.exists(file)).isFalse();
        assertThat(Files.readString(folder.resolve("t.json.corrupt"))).isEqualTo(text);
      }
    }
  }

  @Test
  void aCorruptEpochFileIsNamedWithWhatToDoAndLeftAsItIs() throws Exception {
    Path file = Files.writeString(folder.resolve("default.epoch"), "twelve");
    try (DataDir dir = DataDir.open(folder, loop)) {
      assertThatThrownBy(() -> get(new EpochFile(dir, file).load()))
          .hasMessageContaining("default.epoch")
          .hasMessageContaining("twelve")
          .hasMessageContaining("remove it");
      assertThat(Files.readString(file)).isEqualTo("twelve");
    }
  }

  @Test
  void anEpochComesBack() throws Exception {
    try (DataDir dir = DataDir.open(folder, loop)) {
      EpochFile store = new EpochFile(dir, folder.resolve("default.epoch"));
      assertThat(get(store.load())).isEmpty();
      get(store.save(17));
      assertThat(get(store.load())).hasValue(17);
    }
  }

  @Test
  void aDirectoryIsHeldByOneDaemonOnly() {
    try (DataDir dir = DataDir.open(folder, loop)) {
      assertThat(dir.trouble()).isEmpty();
      assertThatThrownBy(() -> DataDir.open(folder, loop)).hasMessageContaining("--data-dir");
    }
    try (DataDir again = DataDir.open(folder, loop)) {
      assertThat(again.trouble()).isEmpty();
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsATroubleAndWritingToItFails() throws Exception {
    Path inTheWay = Files.writeString(folder.resolve("file"), "");
    try (DataDir dir = DataDir.open(inTheWay.resolve("data"), loop)) {
      assertThat(dir.trouble()).contains("data_dir");
      assertThatThrownBy(() -> get(new EpochFile(dir, dir.resolve("x.epoch")).save(1)))
          .hasMessageContaining("x.epoch");
    }
  }

  @Test
  void peersAreOneALine() {
    try (DataDir dir = DataDir.open(folder, loop)) {
      PeersFile peers = new PeersFile(dir, folder.resolve("peers"));
      assertThat(peers.load()).isEmpty();
      peers.save(List.of("127.0.0.1:1", "127.0.0.1:2"));
      assertThat(peers.load()).containsExactly("127.0.0.1:1", "127.0.0.1:2");
    }
  }
}
