package io.ringdaemon.web.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * A moment as pages show it: how long ago, and the time in UTC for whoever looks closer.
 *
 * @param machine RFC 3339
 */
public record When(String age, String utc, String machine) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  static When of(Instant moment, Instant now) {
    return new When(
        Words.age(Duration.between(moment, now)),
        UTC.format(moment),
        moment.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** The time of day, within a sentence. */
  static String clock(Instant moment) {
    return CLOCK.format(moment);
  }

  /** Since when and for how long, within a sentence: {@code since 09:01:07 (3 min)}. */
  static String since(Instant moment, Instant now) {
    return "since " + clock(moment) + " UTC (" + Words.age(Duration.between(moment, now)) + ")";
  }
}
