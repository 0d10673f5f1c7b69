package io.ringdaemon.daemon.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code forget}: remove instances from a ring, or from all. Healthy ones only after a question.
 */
@Command(
    name = "forget",
    customSynopsis = {
      "ring-daemon forget NAME ID… [--yes]",
      "       ring-daemon forget NAME --all-unhealthy",
      "       ring-daemon forget --all-rings ID…|--all-unhealthy [--yes]"
    },
    description = "Remove instances from a ring. One that is alive registers again at once.",
    footer = {
      "",
      "Examples:",
      "  ring-daemon forget default ring-2",
      "  ring-daemon forget --all-rings --all-unhealthy",
      "",
      "Exit codes: 0 forgotten, 1 not found or refused, 2 wrong usage, or healthy without a"
          + " terminal and --yes,",
      "            3 daemon can't be reached"
    })
final class ForgetCommand extends ClientCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "NAME ID",
      description = "The ring, then instances; with --all-rings only these.")
  private List<String> words = List.of();

  @Option(names = "--all-rings", description = "From every ring that knows them.")
  private boolean allRings;

  @Option(names = "--all-unhealthy", description = "Every instance that is unhealthy now.")
  private boolean allUnhealthy;

  @Option(
      names = {"-y", "--yes"},
      description = "Don't ask before healthy ones.")
  private boolean yes;

  private final Prompt prompt;

  ForgetCommand() {
    this(Prompt.terminal());
  }

  ForgetCommand(Prompt prompt) {
    this.prompt = prompt;
  }

  @Override
  int ask(DaemonClient daemon) {
    List<String> ids = allRings || words.isEmpty() ? words : words.subList(1, words.size());
    if (!allRings && words.isEmpty()) {
      throw wrong("which ring? Name one, or --all-rings");
    }
    if (ids.isEmpty() != allUnhealthy) {
      throw wrong(
          allUnhealthy
              ? "--all-unhealthy takes no ids"
              : "which instances? Name them, or --all-unhealthy");
    }
    List<String> rings = allRings ? ringNames(daemon) : words.subList(0, 1);
    return allUnhealthy ? forgetUnhealthy(daemon, rings) : forget(daemon, rings, ids);
  }

  private int forgetUnhealthy(DaemonClient daemon, List<String> rings) {
    var forgotten = new Forgotten();
    var progress = new Progress(err(), rings.size());
    for (String ring : rings) {
      progress.next("forgetting in " + ring);
      JsonNode body =
          daemon
              .change("DELETE", ringPath(ring) + "/instances?unhealthy=true", null)
              .orFail()
              .body();
      body.path("forgotten").forEach(id -> forgotten.add(ring, id.asString("")));
    }
    progress.clear();
    return forgotten.report(Set.of());
  }

  private int forget(DaemonClient daemon, List<String> rings, List<String> ids) {
    for (String ring : rings) {
      askAboutHealthy(daemon.get(ringPath(ring)).orFail().body(), ring, ids);
    }
    var forgotten = new Forgotten();
    var absent = new LinkedHashSet<>(ids);
    var progress = new Progress(err(), rings.size() * ids.size());
    for (String ring : rings) {
      for (String id : ids) {
        progress.next("forgetting " + id + " in " + ring);
        Answer answer =
            daemon.change("DELETE", ringPath(ring) + "/instances/" + DaemonUrl.encoded(id), null);
        if (!answer.absent()) {
          answer.orFail();
          forgotten.add(ring, id);
          absent.remove(id);
        }
      }
    }
    progress.clear();
    return forgotten.report(absent);
  }

  private void askAboutHealthy(JsonNode view, String ring, List<String> ids) {
    var healthy = new ArrayList<String>();
    for (JsonNode instance : view.path("instances")) {
      if (instance.path("healthy").asBoolean(false) && ids.contains(Table.field(instance, "id"))) {
        healthy.add(Table.field(instance, "id"));
      }
    }
    if (yes || healthy.isEmpty()) {
      return;
    }
    String names = Table.printable(String.join(", ", healthy));
    String fact = names + (healthy.size() == 1 ? " is" : " are") + " healthy in " + ring;
    String reply =
        prompt
            .ask(fact + " and will register again. Forget nevertheless? [y/N] ")
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.USAGE, fact + ": to forget nevertheless, add --yes"));
    if (!Set.of("y", "yes").contains(reply.strip().toLowerCase(Locale.ROOT))) {
      throw new CommandFailure(ExitCode.NO, "nothing forgotten");
    }
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(commandLine(), problem);
  }

  /** What was forgotten so far, and how it is told. */
  private final class Forgotten {
    private final ObjectNode json = DaemonClient.JSON.createObjectNode();
    private final List<String> lines = new ArrayList<>();

    void add(String ring, String id) {
      json.withArray("/forgotten").addObject().put("ring", ring).put("id", id);
      lines.add(Table.printable("forgot " + id + " in " + ring));
    }

    int report(Set<String> absent) {
      if (json()) {
        json.withArray("/forgotten");
        absent.forEach(json.withArray("/notFound")::add);
        printJson(json);
      } else {
        lines.forEach(out()::println);
        if (lines.isEmpty() && absent.isEmpty()) {
          out().println("nothing to forget: all are healthy");
        }
      }
      absent.forEach(
          id -> err().println(Table.printable("ring-daemon: no instance " + id + where())));
      return absent.isEmpty() ? ExitCode.OK : ExitCode.NO;
    }

    private String where() {
      return allRings
          ? " in any ring"
          : " in " + words.get(0) + ": see ring-daemon ring " + words.get(0);
    }
  }
}
