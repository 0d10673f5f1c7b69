package io.ringdaemon.daemon.hooks;

/**
 * How a hook or a command ended.
 *
 * @param detail what it said, or what went wrong; may be empty
 */
record Result(Kind kind, String detail) {
  enum Kind {
    OK("ok"),
    FAILED("failed"),
    TIMEOUT("timeout"),
    CUT_SHORT("cut-short");

    final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  boolean ok() {
    return kind == Kind.OK;
  }
}
