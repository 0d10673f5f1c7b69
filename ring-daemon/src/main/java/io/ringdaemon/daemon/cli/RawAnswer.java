package io.ringdaemon.daemon.cli;

import tools.jackson.core.JacksonException;

/** What the daemon answered, byte for byte. Not to be changed. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RawAnswer(int status, byte[] bytes) {
  boolean ok() {
    return status < 300;
  }

  /** Why the daemon refused. */
  String problem() {
    try {
      return new Answer(status, DaemonClient.JSON.readTree(bytes), "").problem();
    } catch (JacksonException notJson) {
      return "the daemon answered with status " + status;
    }
  }
}
