package io.ringdaemon.daemon.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;

/** How long ago a time was, short: {@code 19s}, {@code 3m}, {@code 5h}, {@code 2d}. */
record Ages(InstantSource clock) {
  static final Ages NOW = new Ages(InstantSource.system());

  /** The age of an RFC 3339 time; what isn't one is shown as it is. */
  String of(String time) {
    if (time.isEmpty()) {
      return "";
    }
    try {
      Duration age = Duration.between(Instant.parse(time), clock.instant());
      return age.isNegative() ? "in " + shortly(age.negated()) : shortly(age);
    } catch (DateTimeParseException notATime) {
      return time;
    }
  }

  private static String shortly(Duration age) {
    if (age.toSeconds() < 120) {
      return age.toSeconds() + "s";
    }
    if (age.toMinutes() < 120) {
      return age.toMinutes() + "m";
    }
    return age.toHours() < 48 ? age.toHours() + "h" : age.toDays() + "d";
  }
}
