package io.ringdaemon.daemon.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code events [NAME]}: what happened in a ring, or in all. */
@Command(
    name = "events",
    description = "List what happened in a ring, or in all: the last 50 of each, newest first.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon events default",
      "  ring-daemon events --watch",
      "",
      "Exit codes: 0 answered, 1 no such ring, 2 wrong usage, 3 daemon can't be reached"
    })
final class EventsCommand extends ListCommand {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "The ring (default: all).")
  private Optional<String> ring = Optional.empty();

  @Override
  Shown look(DaemonClient daemon) {
    List<ObjectNode> events = new ArrayList<>();
    List<String> rings = ring.map(List::of).orElseGet(() -> ringNames(daemon));
    for (String name : rings) {
      for (JsonNode event : daemon.get(ringPath(name) + "/events").orFail().body().path("events")) {
        ObjectNode told = DaemonClient.JSON.createObjectNode().put("ring", name);
        event.propertyStream().forEach(field -> told.set(field.getKey(), field.getValue()));
        events.add(told);
      }
    }
    events.sort(Comparator.comparing((ObjectNode one) -> Table.field(one, "at")).reversed());
    var table = new Table("AT", "RING", "KIND", "INSTANCE", "WHAT");
    events.forEach(
        event ->
            table.row(
                Table.field(event, "at"),
                Table.field(event, "ring"),
                Table.field(event, "kind"),
                Table.field(event, "instance"),
                Table.field(event, "text")));
    ObjectNode body = DaemonClient.JSON.createObjectNode();
    body.putArray("events").addAll(events);
    return new Shown(body, table);
  }
}
