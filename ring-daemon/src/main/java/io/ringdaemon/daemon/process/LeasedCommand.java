package io.ringdaemon.daemon.process;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that runs on a lease: unless the lease is renewed, its whole process group gets TERM
 * {@link #TERM} and KILL {@link #KILL} after the moment the last renewal was asked for. A small
 * shell script in a session of its own sees to it (watchdog.sh), so it holds also when this program
 * is killed, frozen or out of memory. The command inherits standard input, output and error.
 *
 * <p><b>Not</b> when the watchdog is frozen or killed too: then only fencing helps.
 *
 * <p><b>Threading:</b> one thread, but for {@link #signal}.
 */
public final class LeasedCommand implements AutoCloseable {
  /**
   * Both after the moment that a renewal was asked for; KILL has a fifth of a second to be done.
   */
  public static final Duration TERM = Duration.ofMillis(1200);

  public static final Duration KILL = Duration.ofMillis(1800);
  private static final String MARK = "ended";
  private static final Duration STARTING = Duration.ofSeconds(2);
  private static final String LEASED = ProcessGroup.script("leased.sh");
  private static final String WATCHDOG = ProcessGroup.script("watchdog.sh");
  private static final String SESSION = ProcessGroup.script("session.sh");

  /** The host was too busy to start the command while its lease was fresh; nothing runs. */
  public static final class NotStartedInTime extends IOException {
    private static final long serialVersionUID = 1;

    NotStartedInTime() {
      super("the command did not start within " + STARTING.toSeconds() + " s");
    }
  }

  private final ProcessGroup group;
  private final OutputStream watchdog;
  private final Path directory;
  private final Path mark;
  private Moment renewed;

  private LeasedCommand(ProcessGroup group, OutputStream watchdog, Path directory, Moment renewed) {
    this.group = group;
    this.watchdog = watchdog;
    this.directory = directory;
    this.mark = directory.resolve(MARK);
    this.renewed = renewed;
  }

  /**
   * Starts {@code command} with {@code environment} added to ours, on a lease asked for at {@code
   * asked}.
   */
  public static LeasedCommand start(
      List<String> command, Map<String, String> environment, Moment asked) throws IOException {
    Path directory = Files.createTempDirectory("ring-daemon-lead");
    Path pipe = directory.resolve("pipe");
    Path mark = directory.resolve(MARK);
    RandomAccessFile both = null;
    OutputStream watchdog = null;
    try {
      makePipe(pipe);
      // Both ways first: opening one way alone waits for somebody at the other end.
      both = new RandomAccessFile(pipe.toFile(), "rw");
      watchdog = new FileOutputStream(pipe.toFile());
      watchdog.write(asked.line(TERM, KILL).getBytes(StandardCharsets.US_ASCII));
      ProcessGroup group = startGroup(command, environment, pipe, mark);
      awaitOpened(pipe, group);
      return new LeasedCommand(group, watchdog, directory, asked);
    } catch (IOException | RuntimeException failed) {
      if (watchdog != null) {
        watchdog.close(); // the watchdog, if it is there, ends what was started
      }
      Files.deleteIfExists(pipe);
      Files.deleteIfExists(directory);
      throw failed;
    } finally {
      if (both != null) {
        both.close();
      }
    }
  }

  private static ProcessGroup startGroup(
      List<String> command, Map<String, String> environment, Path pipe, Path mark)
      throws IOException {
    List<String> whole =
        new ArrayList<>(
            List.of(
                "sh", "-c", LEASED, "leased", pipe.toString(), mark.toString(), WATCHDOG, SESSION));
    whole.addAll(command);
    ProcessBuilder settings = new ProcessBuilder().inheritIO();
    settings.environment().putAll(environment);
    return ProcessGroup.start(whole, settings);
  }

  private static void makePipe(Path pipe) throws IOException {
    Process make = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).inheritIO().start();
    try {
      if (!make.waitFor(STARTING.toMillis(), TimeUnit.MILLISECONDS)) {
        make.destroyForcibly();
        throw new NotStartedInTime();
      }
      if (make.exitValue() != 0) {
        throw new IOException("mkfifo " + pipe + " failed");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  /** The starting script removes the pipe's name once it and the watchdog hold the pipe itself. */
  private static void awaitOpened(Path pipe, ProcessGroup group) throws IOException {
    long end = System.nanoTime() + STARTING.toNanos();
    while (Files.exists(pipe) && group.process().isAlive()) {
      if (System.nanoTime() - end > 0) {
        group.signal("KILL");
        group.process().destroyForcibly(); // where it has no group of its own yet
        throw new NotStartedInTime();
      }
      try {
        TimeUnit.MILLISECONDS.sleep(2);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        group.signal("KILL");
        throw new IOException("interrupted", stopped);
      }
    }
  }

  /** The command itself. */
  public Process process() {
    return group.process();
  }

  /**
   * Passes a signal on: INT and TERM to the whole group, as a terminal would; others to the command
   * alone, since what it started knows nothing of them and would die. Any thread.
   */
  public void signal(String name) {
    if (name.equals("INT") || name.equals("TERM")) {
      group.signal(name);
    } else {
      group.signalCommand(name);
    }
  }

  /**
   * A renewal asked for at {@code asked} was granted.
   *
   * @throws IOException the watchdog is gone: the command must be ended
   */
  public void renewed(Moment asked) throws IOException {
    watchdog.write(asked.line(TERM, KILL).getBytes(StandardCharsets.US_ASCII));
    renewed = asked;
  }

  /** Whether it is time to end it because nothing was renewed for too long. */
  public boolean overdue() {
    return renewed.age().compareTo(TERM) >= 0;
  }

  /** Whether, if it ended, that was because its lease ran out, and not by itself. */
  public boolean lapsed() {
    return overdue() || Files.exists(mark);
  }

  /** Ends the whole group, at the latest when its lease says so. Returns when it is empty. */
  public void end() {
    Duration left = KILL.minus(renewed.age());
    group.end(left.isNegative() ? Duration.ZERO : left);
  }

  /** Lets the watchdog go; to be called when the command has ended. */
  @Override
  public void close() throws IOException {
    watchdog.close();
    Files.deleteIfExists(mark);
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException markedMeanwhile) {
      // the watchdog removes both
    }
  }
}
