package io.ringdaemon.daemon.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command to its end, within a time and with a limit on what it may say. At the end of the
 * time, or when the thread is interrupted, all it started gets TERM and {@link #GRACE} later KILL.
 * Blocks; for a thread of its own.
 */
public final class BoundedRun {
  static final Duration GRACE = Duration.ofSeconds(1);
  private static final int MOST_OUTPUT = 8 << 10;

  /**
   * How it ended.
   *
   * @param code exit code; -1: it was ended, or could not be started
   * @param output standard output and error, at most 8 KiB of it
   * @param timedOut it was ended because its time was over
   * @param interrupted it was ended because the thread was interrupted
   */
  public record Outcome(int code, String output, boolean timedOut, boolean interrupted) {}

  private BoundedRun() {}

  /** Runs {@code command} with {@code environment} added to ours and nothing to read. */
  public static Outcome run(List<String> command, Map<String, String> environment, Duration limit) {
    ProcessBuilder settings =
        new ProcessBuilder()
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    settings.environment().putAll(environment);
    ProcessGroup group;
    try {
      group = ProcessGroup.start(command, settings);
    } catch (IOException cannot) {
      return new Outcome(-1, "can't be started: " + cannot.getMessage(), false, false);
    }
    Output output = new Output(group.process().getInputStream());
    try {
      if (group.process().waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Outcome(group.process().exitValue(), output.text(), false, false);
      }
      group.end(GRACE);
      return new Outcome(-1, output.text(), true, false);
    } catch (InterruptedException stopped) {
      group.end(GRACE);
      return new Outcome(-1, output.text(), false, true);
    }
  }

  /** Reads all, keeps the first part: a full pipe would stop the command. */
  private static final class Output implements Runnable {
    private static final long LINGER_MILLIS = 200;
    private final InputStream in;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread reader = new Thread(this, "hook-output");

    Output(InputStream in) {
      this.in = in;
      reader.setDaemon(true);
      reader.start();
    }

    @Override
    public void run() {
      byte[] buffer = new byte[4096];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          synchronized (kept) {
            kept.write(buffer, 0, Math.min(n, MOST_OUTPUT - kept.size()));
          }
        }
      } catch (IOException ended) {
        // closed because nobody listens on
      }
    }

    /** What was said; something it left running may hold the pipe and isn't waited for. */
    String text() {
      try {
        reader.join(LINGER_MILLIS);
        if (reader.isAlive()) {
          in.close();
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      } catch (IOException ignored) {
        // nothing to be read any more either way
      }
      synchronized (kept) {
        return kept.toString(StandardCharsets.UTF_8).strip();
      }
    }
  }
}
