package io.ringdaemon.daemon.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.logging.Level;

/** The least important level that is still logged. */
public enum LogLevel {
  @JsonProperty("debug")
  DEBUG,
  @JsonProperty("info")
  INFO,
  @JsonProperty("warn")
  WARN,
  @JsonProperty("error")
  ERROR;

  Level julLevel() {
    return switch (this) {
      case DEBUG -> Level.FINE;
      case INFO -> Level.INFO;
      case WARN -> Level.WARNING;
      case ERROR -> Level.SEVERE;
    };
  }

  /** The word for a record's level, as written in the log. */
  static String word(Level level) {
    LogLevel found = DEBUG;
    for (LogLevel candidate : values()) {
      if (level.intValue() >= candidate.julLevel().intValue()) {
        found = candidate;
      }
    }
    return found.toString();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
