package io.ringdaemon.daemon.config;

import java.util.List;

/**
 * The configuration can't be used; each problem is one line that says where, what and what was
 * expected.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  ConfigException(String problem) {
    this(List.of(problem));
  }

  /** One line each, never empty. */
  public List<String> problems() {
    return problems;
  }
}
