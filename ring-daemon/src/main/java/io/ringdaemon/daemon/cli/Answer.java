package io.ringdaemon.daemon.cli;

import tools.jackson.databind.JsonNode;

/**
 * What the daemon answered.
 *
 * @param body missing when the answer has none
 * @param index the daemon's counter of changes, empty if it sent none
 */
record Answer(int status, JsonNode body, String index) {
  boolean ok() {
    return status < 300;
  }

  boolean absent() {
    return status == 404;
  }

  /** This answer, or the daemon's refusal as this command's failure. */
  Answer orFail() {
    if (ok()) {
      return this;
    }
    throw new CommandFailure(status == 400 ? ExitCode.USAGE : ExitCode.NO, problem());
  }

  /** Why the daemon refused. */
  String problem() {
    String detail = body.path("detail").asString("");
    String title = body.path("title").asString("");
    String told = detail.isEmpty() ? title : detail;
    String hint = status == 401 ? "; see --token-file, --user and --cert-file" : "";
    return Table.printable(
        told.isEmpty() ? "the daemon answered with status " + status + hint : told + hint);
  }
}
