package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.assembly.Migration;
import io.ringdaemon.daemon.assembly.Migration.Entry;
import io.ringdaemon.daemon.assembly.Migration.Side;
import io.ringdaemon.daemon.assembly.Migration.StoreUnreachable;
import io.ringdaemon.daemon.config.ConfigCheck;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.local.LogFormat;
import io.ringdaemon.daemon.local.LogLevel;
import io.ringdaemon.daemon.local.LogSetup;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate}: rings from one store to another, and whether both hold the same. */
@Command(
    name = "migrate",
    description = "Copy rings from one store to another, then compare both entry by entry.",
    sortOptions = false,
    footer = {
      "",
      "A store is etcd, consul or memberlist, where the configuration says it is, or",
      "etcd://HOST:PORT[,…], consul://HOST:PORT, memberlist://HOST:PORT[,…]. Nothing is removed",
      "anywhere: of two entries of an instance the later one stays. Daemons may run meanwhile;",
      "docs/stores.md tells the steps.",
      "",
      "Examples:",
      "  ring-daemon migrate --from memberlist://127.0.0.1:7946 --to etcd://127.0.0.1:2379",
      "  ring-daemon migrate --from memberlist --to etcd --config.file=ring.yaml --check",
      "",
      "Exit codes: 0 both hold the same, 1 they differ, 2 wrong usage, 3 a store can't be reached"
    })
final class MigrateCommand extends CliCommand {
  @Option(names = "--from", required = true, paramLabel = "STORE", description = "Where they are.")
  private String from;

  @Option(names = "--to", required = true, paramLabel = "STORE", description = "Where they go.")
  private String to;

  @Option(names = "--check", description = "Copy nothing, only compare.")
  private boolean check;

  @Option(
      names = "--ring",
      paramLabel = "NAME",
      description = "This ring (default: all of the configuration). Repeatable.")
  private List<String> rings = List.of();

  @Mixin private ConfigOptions config;

  @Override
  public Integer call() {
    LogSetup.start(LogLevel.ERROR, LogFormat.TEXT, System.err);
    StoreSpec left = StoreSpec.parse(from, "--from");
    StoreSpec right = StoreSpec.parse(to, "--to");
    DaemonConfig resolved = config.resolve(List.of());
    Collection<String> names = rings.isEmpty() ? resolved.rings().keySet() : rings;
    DaemonConfig source = moved(resolved, left, names, "source");
    DaemonConfig target = moved(resolved, right, names, "target");
    try {
      if (!check) {
        copy(source, target, names);
      }
      return compare(source, target, names) ? ExitCode.OK : ExitCode.NO;
    } catch (StoreUnreachable away) {
      throw new CommandFailure(ExitCode.UNREACHABLE, String.valueOf(away.getMessage()));
    }
  }

  private DaemonConfig moved(
      DaemonConfig resolved, StoreSpec spec, Collection<String> names, String end) {
    String nodeName = "migrate-" + end + "-" + ProcessHandle.current().pid();
    DaemonConfig moved = config.resolve(spec.sets(resolved, names, nodeName));
    ConfigCheck.refuseUnstartable(moved);
    return moved;
  }

  private void copy(DaemonConfig source, DaemonConfig target, Collection<String> names) {
    try (Side left = new Side(source);
        Side right = new Side(target)) {
      var progress = new Progress(err(), names.size());
      for (String ring : names) {
        progress.next("copying " + ring);
        int copied = Migration.copy(left, right, ring);
        progress.clear();
        out().println("%s: %d instances copied".formatted(ring, copied));
        out().flush();
      }
    }
  }

  /** By connections of its own, so that what is compared is what was stored. */
  private boolean compare(DaemonConfig source, DaemonConfig target, Collection<String> names) {
    boolean agree = true;
    try (Side left = new Side(source);
        Side right = new Side(target)) {
      var progress = new Progress(err(), names.size());
      for (String ring : names) {
        progress.next("comparing " + ring);
        List<Entry> entries = Migration.compare(left, right, ring);
        progress.clear();
        Table table = new Table("RING", "INSTANCE", "IS", "");
        entries.forEach(entry -> table.row(ring, entry.id(), entry.state(), entry.text()));
        if (!entries.isEmpty()) {
          out().print(table.text(Ansi.AUTO.enabled()));
        }
        long good = entries.stream().filter(Entry::agrees).count();
        out()
            .println(
                "%s: %d of %d agree%s"
                    .formatted(
                        ring,
                        good,
                        entries.size(),
                        good == entries.size() ? "" : ": the stores differ"));
        agree &= good == entries.size();
      }
    }
    return agree;
  }
}
