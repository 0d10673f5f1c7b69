package io.ringdaemon.daemon.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go writes them: {@code 1m30s}, {@code 1.5h}, {@code 200ms}. Reads all of Go's
 * syntax; prints the same without empty units, {@code 1m} and not {@code 1m0s}, which Go reads as
 * well.
 */
public final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final long SECOND = 1_000_000_000L;

  private GoDuration() {}

  /**
   * The duration that {@code text} writes, or nothing if it is not one; fractions of a nanosecond
   * are dropped.
   */
  public static Optional<Duration> parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (rest.isEmpty() || rest.length() > 64) {
      return Optional.empty();
    }
    Matcher part = PART.matcher(rest);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < rest.length()) {
      if (!part.find(end) || part.start() != end) {
        return Optional.empty();
      }
      nanos =
          nanos.add(
              new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosOf(part.group(2)))));
      end = part.end();
    }
    if (nanos.compareTo(LONGEST) > 0) {
      return Optional.empty();
    }
    long whole = nanos.longValue();
    return Optional.of(Duration.ofNanos(negative ? -whole : whole));
  }

  /** The shortest usual text that {@link #parse} reads back as {@code duration}. */
  public static String print(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative()) {
      return "-" + print(duration.negated());
    }
    if (duration.toSeconds() == 0) {
      return printBelowSecond(duration.toNanosPart());
    }
    var text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    if (duration.toSecondsPart() > 0 || duration.toNanosPart() > 0) {
      text.append(decimal(duration.toSecondsPart() * SECOND + duration.toNanosPart(), SECOND))
          .append('s');
    }
    return text.toString();
  }

  private static String printBelowSecond(long nanos) {
    if (nanos >= 1_000_000) {
      return decimal(nanos, 1_000_000) + "ms";
    }
    return nanos >= 1_000 ? decimal(nanos, 1_000) + "us" : nanos + "ns";
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }

  private static String decimal(long nanos, long unit) {
    return BigDecimal.valueOf(nanos)
        .divide(BigDecimal.valueOf(unit))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "ms" -> 1_000_000;
      case "s" -> SECOND;
      case "m" -> 60 * SECOND;
      case "h" -> 3600 * SECOND;
      default -> 1_000;
    };
  }
}
