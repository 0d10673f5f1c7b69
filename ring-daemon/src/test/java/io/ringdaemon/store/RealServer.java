package io.ringdaemon.store;

import io.ringdaemon.FreePorts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real program that keeps values, as a process on free ports of loopback that can be hurt. */
public abstract class RealServer implements AutoCloseable {
  private final Path folder;
  private final String name;
  private final int port = FreePorts.one();
  private Process process;

  protected RealServer(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** The whole command line; it keeps its data below {@link #data}. */
  protected abstract List<String> command();

  protected abstract boolean answers();

  /** Writes bytes at a key, as another program would. */
  public abstract void put(String key, byte[] value) throws Exception;

  /** The bytes at a key. */
  public abstract Optional<byte[]> get(String key) throws Exception;

  public abstract void delete(String key) throws Exception;

  /** Removes every key. */
  public abstract void clear() throws Exception;

  /** By the system property {@code name}, then on the path. */
  protected static Optional<String> program(String name) {
    String given = System.getProperty(name);
    if (given != null) {
      return Optional.of(given);
    }
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  public int port() {
    return port;
  }

  public String endpoint() {
    return "127.0.0.1:" + port;
  }

  protected Path data() {
    return folder.resolve(name);
  }

  private Path log() {
    return folder.resolve(name + ".log");
  }

  /** Starts it, again on what it had, and waits until it answers. */
  public void start() throws IOException {
    process =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    RealClient.until(
        name + " answers",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(name + " ended: " + said());
          }
          return answers();
        });
  }

  private String said() {
    try {
      return Files.readString(log());
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  /** SIGTERM, and waits. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** Forgets all it had; while it is stopped. */
  public void wipe() throws IOException {
    try (var files = Files.walk(data())) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Its process stands still, as if its machine hung; connections stay open. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
