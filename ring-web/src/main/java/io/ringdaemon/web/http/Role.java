package io.ringdaemon.web.http;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do. */
public enum Role {
  /** Look. */
  READER,
  /** Look and change. */
  OPERATOR;

  /** As it is written in files and logs. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Role> named(String word) {
    return switch (word) {
      case "reader" -> Optional.of(READER);
      case "operator" -> Optional.of(OPERATOR);
      default -> Optional.empty();
    };
  }
}
