package io.ringdaemon.daemon.local;

import io.ringdaemon.time.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The directory where a daemon keeps what must survive it: tokens, epochs, peers. Held by a file
 * lock, so that two daemons never share one. A directory that can't be written is no reason not to
 * start: see {@link #trouble}.
 *
 * <p><b>Threading:</b> files are read and written on one thread of its own; stages complete on the
 * loop.
 */
public final class DataDir implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path directory;
  private final Loop loop;
  private final String trouble;
  private final @Nullable FileChannel lockFile;
  private final ExecutorService disk =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "ring-disk");
            thread.setDaemon(true);
            return thread;
          });

  private DataDir(Path directory, Loop loop, String trouble, @Nullable FileChannel lockFile) {
    this.directory = directory;
    this.loop = loop;
    this.trouble = trouble;
    this.lockFile = lockFile;
  }

  /**
   * Makes and locks the directory.
   *
   * @throws DataDirHeld another daemon has it
   */
  public static DataDir open(Path directory, Loop loop) {
    try {
      Files.createDirectories(directory);
      FileChannel file =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(file)) {
        file.close();
        throw new DataDirHeld(directory);
      }
      return new DataDir(directory, loop, "", file);
    } catch (IOException unwritable) {
      return new DataDir(directory, loop, "data_dir can't be used: " + text(unwritable), null);
    }
  }

  private static boolean lock(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  /** Why nothing can be kept here, in words; empty: it can. */
  public String trouble() {
    return trouble;
  }

  public Path resolve(String name) {
    return directory.resolve(name);
  }

  /** The text of a file; empty if there is none. Fails if it can't be read. */
  public CompletionStage<Optional<String>> read(Path file) {
    return onDisk(() -> readNow(file));
  }

  /** Replaces a file: written beside it, flushed to the disk, then renamed over it. */
  public CompletionStage<Void> write(Path file, String text) {
    return onDisk(
            () -> {
              writeNow(file, text);
              return Optional.empty();
            })
        .thenAccept(done -> {});
  }

  Optional<String> readNow(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(Files.readString(file, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  void writeNow(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel out =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
        folder.force(true); // the rename itself
      }
    }
  }

  private <T> CompletionStage<Optional<T>> onDisk(Callable<Optional<T>> work) {
    CompletableFuture<Optional<T>> done = new CompletableFuture<>();
    disk.execute(
        () -> {
          try {
            Optional<T> result = work.call();
            loop.execute(() -> done.complete(result));
          } catch (Exception failed) {
            IOException told = new IOException(text(failed), failed);
            loop.execute(() -> done.completeExceptionally(told));
          }
        });
    return done;
  }

  /** What went wrong with a file, in words: Java's own messages are often only the file's name. */
  static String text(Exception failure) {
    String kind =
        failure
            .getClass()
            .getSimpleName()
            .replace("Exception", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", " ");
    return failure.getMessage() == null ? kind : failure.getMessage() + " (" + kind + ")";
  }

  @Override
  public void close() {
    disk.shutdown();
    try {
      if (!disk.awaitTermination(2, TimeUnit.SECONDS)) {
        disk.shutdownNow();
      }
      if (lockFile != null) {
        lockFile.close();
      }
    } catch (IOException | InterruptedException ignored) {
      Thread.currentThread().interrupt(); // the process ends here; the lock goes with it
    }
  }

  /** Another daemon holds the directory. */
  public static final class DataDirHeld extends RuntimeException {
    private static final long serialVersionUID = 1;

    DataDirHeld(Path directory) {
      super(
          "data_dir %s is held by another daemon: give this one its own with --data-dir=D"
              .formatted(directory));
    }
  }
}
