package io.ringdaemon.daemon.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that asks a running daemon. */
abstract class ClientCommand extends CliCommand {
  static final String RINGS = "/api/v1/rings";

  @Mixin private DaemonOptions daemon;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table or json (default: table).")
  private Form form;

  /** How answers are printed. */
  enum Form {
    TABLE,
    JSON
  }

  @Override
  public final Integer call() {
    int code = ask(daemon.client());
    out().flush();
    return code;
  }

  /** Asks, prints, and returns the exit code. */
  abstract int ask(DaemonClient daemon);

  final boolean json() {
    return form == Form.JSON;
  }

  final void print(JsonNode body, Table table) {
    if (json()) {
      printJson(body);
    } else {
      out().print(table.text());
    }
  }

  final void printJson(JsonNode body) {
    out().println(body.toPrettyString());
  }

  static String ringPath(String ring) {
    return RINGS + "/" + DaemonUrl.encoded(ring);
  }
}
