package io.ringdaemon.daemon.local;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** How a log line looks: {@code time level logger message key=value}, or the same as JSON. */
public enum LogFormat {
  TEXT {
    @Override
    String line(LogRecord record, String message) {
      String head =
          time(record) + " " + level(record) + " " + logger(record) + " " + oneLine(message);
      Throwable thrown = record.getThrown();
      return thrown == null
          ? head
          : head
              + " error=\""
              + oneLine(thrown.toString())
              + "\"\n"
              + stack(thrown).stripTrailing();
    }
  },
  JSON {
    @Override
    String line(LogRecord record, String message) {
      var json = new StringBuilder("{");
      field(json, "time", time(record));
      field(json, "level", LogLevel.word(record.getLevel()));
      field(json, "logger", logger(record));
      field(json, "message", message);
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        field(json, "error", thrown.toString());
        field(json, "stack", stack(thrown));
      }
      return json.append('}').toString();
    }
  };

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  abstract String line(LogRecord record, String message);

  Formatter formatter() {
    LogFormat format = this;
    return new Formatter() {
      @Override
      public String format(LogRecord record) {
        return format.line(record, formatMessage(record)) + "\n";
      }
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String time(LogRecord record) {
    return TIME.format(record.getInstant());
  }

  private static String level(LogRecord record) {
    return String.format(Locale.ROOT, "%-5s", LogLevel.word(record.getLevel()));
  }

  private static String logger(LogRecord record) {
    String name = record.getLoggerName();
    return name == null || name.isEmpty() ? "root" : name.substring(name.lastIndexOf('.') + 1);
  }

  private static String stack(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Keeps what came from elsewhere from looking like a line of ours. */
  private static String oneLine(@Nullable String message) {
    if (message == null) {
      return "";
    }
    var line = new StringBuilder(message.length());
    message
        .chars()
        .forEach(
            c ->
                line.append(
                    c == '\n'
                        ? "\\n"
                        : c == '\r' ? "\\r" : c < 32 || c == 127 ? "?" : String.valueOf((char) c)));
    return line.toString();
  }

  private static void field(StringBuilder json, String name, @Nullable String value) {
    json.append(json.length() > 1 ? "," : "").append('"').append(name).append("\":\"");
    (value == null ? "" : value)
        .chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
              } else if (c < 32) {
                json.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                json.append((char) c);
              }
            });
    json.append('"');
  }
}
