package io.ringdaemon.web.page;

/**
 * Something an operator should know: what is so, what follows from it, what to do.
 *
 * @param tag for the page's title: "1 dead"; empty when it raises no alarm
 */
public record Finding(Level level, String tag, String what, String effect, String todo) {
  /** How bad. */
  public enum Level {
    WELL("✓", "All well"),
    NOTICE("●", "Notice"),
    WARNING("▲", "Warning"),
    ALARM("✖", "Alarm");

    private final String sign;
    private final String word;

    Level(String sign, String word) {
      this.sign = sign;
      this.word = word;
    }

    /** A shape, so that colour is not the only sign. */
    public String sign() {
      return sign;
    }

    public String word() {
      return word;
    }

    /** Class of the style sheet. */
    public String style() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
