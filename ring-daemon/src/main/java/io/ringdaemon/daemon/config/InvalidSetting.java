package io.ringdaemon.daemon.config;

import java.util.List;
import java.util.Locale;

/**
 * A record of the configuration refused a value; {@link #path} says where it stands inside that
 * record.
 */
public final class InvalidSetting extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> path;
  private final String value;
  private final String expectation;

  /** Refuses {@code value}; {@code path} is the option's name, or the names that lead to it. */
  public InvalidSetting(Object value, String expectation, String... path) {
    super(String.join(".", path) + ": expected " + expectation + ", got " + quoted(value));
    this.path = List.of(path);
    this.value = quoted(value);
    this.expectation = expectation;
  }

  static void unless(boolean good, String field, Object value, String expectation) {
    if (!good) {
      throw new InvalidSetting(value, expectation, field);
    }
  }

  /** Refuses a duration outside {@code least} … {@code most}, both in Go's syntax. */
  static void unlessWithin(String field, java.time.Duration value, String least, String most) {
    boolean good =
        value.compareTo(GoDuration.parse(least).orElseThrow()) >= 0
            && value.compareTo(GoDuration.parse(most).orElseThrow()) <= 0;
    unless(
        good,
        field,
        GoDuration.print(value),
        String.format(Locale.ROOT, "a duration from %s to %s", least, most));
  }

  static void unlessWithin(String field, int value, int least, int most) {
    boolean good = value >= least && value <= most;
    unless(
        good,
        field,
        value,
        String.format(Locale.ROOT, "a whole number from %d to %d", least, most));
  }

  /** The option's names, outermost first. */
  public List<String> path() {
    return path;
  }

  /** The value, quoted when it is text. */
  public String value() {
    return value;
  }

  /** What would have been right, as the end of "expected …". */
  public String expectation() {
    return expectation;
  }

  private static String quoted(Object value) {
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : "\"" + value + "\"";
  }
}
