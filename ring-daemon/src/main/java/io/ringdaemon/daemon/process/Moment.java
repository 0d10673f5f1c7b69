package io.ringdaemon.daemon.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A moment in elapsed time, as this program counts it and as any process of the host can read it.
 *
 * @param nanos of {@link System#nanoTime}
 * @param uptime hundredths of a second since the host started, sleep included; -1: not to be read
 */
public record Moment(long nanos, long uptime) {
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final int NONE = -1;

  /** Now; where both clocks can't be read at once the earlier reading counts. */
  public static Moment now() {
    long uptime = readUptime();
    return new Moment(System.nanoTime(), uptime);
  }

  private static long readUptime() {
    try {
      String text = Files.readString(UPTIME);
      return Long.parseLong(text.substring(0, text.indexOf(' ')).replace(".", ""));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException noProc) {
      return NONE;
    }
  }

  /** How long ago that was. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** The watchdog's line: TERM {@code term} after this moment, KILL {@code kill} after it. */
  String line(Duration term, Duration kill) {
    if (uptime != NONE) {
      return "until %d %d\n"
          .formatted(uptime + term.toMillis() / 10, uptime + kill.toMillis() / 10);
    }
    long gone = age().toMillis();
    return "left %d %d\n".formatted((term.toMillis() - gone) / 10, (kill.toMillis() - gone) / 10);
  }
}
