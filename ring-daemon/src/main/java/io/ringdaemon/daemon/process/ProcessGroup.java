package io.ringdaemon.daemon.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A command and all it started, in a session and process group of its own, so that all of it can be
 * signalled at once. What moves itself to another group escapes.
 *
 * <p><b>Threading:</b> any thread; some methods wait, and say how long.
 */
public final class ProcessGroup {
  private static final String SESSION = script("session.sh");
  private static final Path PROC = Path.of("/proc");
  private static final Duration STEP = Duration.ofMillis(20);

  private final Process process;

  private ProcessGroup(Process process) {
    this.process = process;
  }

  /** Starts {@code command} with the environment and redirections of {@code settings}. */
  public static ProcessGroup start(List<String> command, ProcessBuilder settings)
      throws IOException {
    List<String> whole = new ArrayList<>(List.of("sh", "-c", SESSION, "session"));
    whole.addAll(command);
    return new ProcessGroup(settings.command(whole).start());
  }

  /** A script among this package's resources. */
  static String script(String name) {
    try (InputStream in = ProcessGroup.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Where {@code program} would be found: itself if it has a slash, else in the directories of
   * {@code PATH}. Empty: nowhere, or it may not be run.
   */
  public static Optional<Path> find(String program, String searchPath) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(ProcessGroup::runnable);
    }
    return Arrays.stream(searchPath.split(File.pathSeparator))
        .map(directory -> Path.of(directory.isEmpty() ? "." : directory, program))
        .filter(ProcessGroup::runnable)
        .findFirst();
  }

  private static boolean runnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /** The command itself, the group's leader. */
  public Process process() {
    return process;
  }

  /** Sends {@code TERM}, {@code KILL} … to the whole group; false: nobody is left in it. */
  public boolean signal(String name) {
    return send(name, -process.pid());
  }

  /** Sends {@code HUP}, {@code USR1} … to the command alone, as long as it is there. */
  void signalCommand(String name) {
    if (process.isAlive()) {
      send(name, process.pid());
    }
  }

  private boolean send(String name, long target) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -s \"$1\" -- \"$2\"", "kill", name, "" + target)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return kill.waitFor(1, TimeUnit.SECONDS) && kill.exitValue() == 0;
    } catch (IOException noProcess) {
      process.destroyForcibly(); // no further process can be made: at least the leader goes
      return process.isAlive();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Waits up to {@code limit} until nobody is left; whether that is so. */
  public boolean awaitEmpty(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (signal("0") && !onlyDead()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      pause(STEP);
    }
    return true;
  }

  /**
   * Whether all that is left has ended and only waits for somebody to notice: where process 1
   * doesn't, as in many containers, that would look alive for ever. False where {@code /proc} can't
   * tell.
   */
  private boolean onlyDead() {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path one : processes) {
        if (livesInGroup(one.resolve("stat"))) {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException noProc) {
      return false;
    }
  }

  /** Reads "pid (name) state parent group …"; the name may hold anything. */
  private boolean livesInGroup(Path stat) {
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", 4);
      return fields[2].equals("" + process.pid()) && !fields[0].equals("Z");
    } catch (IOException | IndexOutOfBoundsException endedMeanwhile) {
      return false;
    }
  }

  /**
   * Ends all of it: TERM, after {@code grace} KILL. Returns when nobody is left, or half a second
   * after KILL (what hangs in the kernel can't be waited for).
   */
  public void end(Duration grace) {
    signal("TERM");
    if (!awaitEmpty(grace)) {
      signal("KILL");
      awaitEmpty(Duration.ofMillis(500));
    }
  }

  private static void pause(Duration step) {
    try {
      TimeUnit.NANOSECONDS.sleep(step.toNanos());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
