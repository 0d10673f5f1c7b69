package io.ringdaemon.daemon.local;

import io.ringdaemon.election.EpochStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The highest epoch a node has seen in a ring, a decimal number in a file. A file that is something
 * else is left as it is: the node doesn't lead until somebody mends it.
 */
public final class EpochFile implements EpochStore {
  private final DataDir dir;
  private final Path file;

  public EpochFile(DataDir dir, Path file) {
    this.dir = dir;
    this.file = file;
  }

  @Override
  public CompletionStage<OptionalLong> load() {
    return dir.read(file).thenCompose(this::parse);
  }

  private CompletionStage<OptionalLong> parse(Optional<String> text) {
    try {
      return CompletableFuture.completedFuture(
          text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number(text.get().strip())));
    } catch (NumberFormatException corrupt) {
      return CompletableFuture.failedFuture(
          new IOException(
              file
                  + " holds no epoch but \""
                  + text.orElse("").strip()
                  + "\"; write the highest epoch any node shows into it, or remove it"));
    }
  }

  private static long number(String text) {
    long number = Long.parseLong(text);
    if (number < 0) {
      throw new NumberFormatException("negative");
    }
    return number;
  }

  @Override
  public CompletionStage<Void> save(long epoch) {
    return dir.write(file, Long.toString(epoch) + "\n");
  }
}
