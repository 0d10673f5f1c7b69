package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.config.ConfigText;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;
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
      description = "table, json or yaml (default: table).")
  private Form form;

  /** How answers are printed. */
  enum Form {
    TABLE,
    JSON,
    YAML
  }

  @Override
  public final Integer call() {
    int code = ask(daemon.client());
    out().flush();
    return code;
  }

  /** Asks, prints, and returns the exit code. */
  abstract int ask(DaemonClient daemon);

  /** Whether programs are to read it, as JSON or YAML. */
  final boolean json() {
    return form != Form.TABLE;
  }

  final Form form() {
    return form;
  }

  final void print(JsonNode body, Table table) {
    if (json()) {
      printJson(body);
    } else {
      out().print(text(table));
    }
  }

  final void printJson(JsonNode body) {
    out().print(text(body));
  }

  final String text(JsonNode body) {
    return form == Form.YAML
        ? ConfigText.yaml(body)
        : body.toPrettyString() + System.lineSeparator();
  }

  final String text(Table table) {
    return table.text(Ansi.AUTO.enabled());
  }

  final List<String> ringNames(DaemonClient daemon) {
    List<String> names = new ArrayList<>();
    JsonNode rings = daemon.get(RINGS).orFail().body().path("rings");
    rings.forEach(ring -> names.add(Table.field(ring, "ring")));
    return names;
  }

  static String ringPath(String ring) {
    return RINGS + "/" + DaemonUrl.encoded(ring);
  }
}
