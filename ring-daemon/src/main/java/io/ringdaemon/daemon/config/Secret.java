package io.ringdaemon.daemon.config;

/** A value that is read, used, and never shown again. */
public record Secret(String text) {
  public static final Secret NONE = new Secret("");

  /** What stands in its place wherever a configuration is shown. */
  static final String HIDDEN = "<hidden>";

  public boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  public String toString() {
    return isEmpty() ? "" : HIDDEN;
  }
}
