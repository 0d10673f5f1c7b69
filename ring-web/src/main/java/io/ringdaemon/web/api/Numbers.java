package io.ringdaemon.web.api;

import io.ringdaemon.web.http.HttpProblem;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and durations out of an address. */
final class Numbers {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)?");
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private static final Pattern PERIOD_PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS);
  private static final Duration LONGEST_LOOKBACK = Duration.ofDays(3650);

  private Numbers() {}

  /** {@code 30s}, {@code 500ms}, {@code 5m} or plain seconds; at most ten minutes. */
  static Duration wait(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw HttpProblem.badRequest("wait is a duration like 30s or 5m, not " + text);
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    Duration wait =
        switch (unit) {
          case "ms" -> Duration.ofMillis(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofSeconds(number);
        };
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  /** A period as Go writes it, {@code 12h} or {@code 1h30m}; at most ten years. */
  static Duration lookback(String text) {
    Duration sum = Duration.ZERO;
    Matcher part = PERIOD_PART.matcher(text);
    int end = 0;
    while (part.lookingAt()) {
      sum = sum.plus(Duration.of(Long.parseLong(part.group(1)), UNITS.get(part.group(2))));
      end = part.end();
      part.region(end, text.length());
    }
    if (end < text.length() || sum.isZero() || sum.compareTo(LONGEST_LOOKBACK) > 0) {
      throw HttpProblem.badRequest("lookback is a period like 12h or 1h30m, not " + text);
    }
    return sum;
  }

  /** How many instances a shard shall have; 0: all. */
  static int size(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw HttpProblem.badRequest(
          "size is a number, how many instances the shard shall have (0: all), not " + text);
    }
    return Integer.parseInt(text);
  }

  static long index(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw HttpProblem.badRequest("index is a number as in X-Ring-Index, not " + text);
    }
    return Long.parseLong(text);
  }

  /** A point on the circle, as a raw 32-bit pattern. */
  static int token(String text) {
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > 0xFFFF_FFFFL) {
      throw HttpProblem.badRequest("token is a number from 0 to 4294967295, not " + text);
    }
    return (int) Long.parseLong(text);
  }
}
