package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ring-daemon lead} beside real daemons. Each command stamps its start and a beat each 50 ms
 * into one journal, by the host's one monotonic clock.
 */
@Tag("slow")
class LeadIT {
  private static final Path ROOT = Path.of(System.getProperty("project.root"));
  private static final Duration START = Duration.ofSeconds(60);

  private static final List<String> FIGURES = new ArrayList<>();
  private static final String WORKER =
      """
      stamp() {
        read -r up rest </proc/uptime
        echo "${up%.*}${up#*.} $1 $$ $LEADER_ID $LEADER_EPOCH $RING" >>"$journal"
      }
      journal=$1
      trap 'stamp USR1' USR1
      trap 'stamp INT; exit 42' INT
      stamp start
      while sleep 0.05; do
        stamp beat
      done
      """;

  @TempDir Path folder;
  private final List<Process> leads = new ArrayList<>();

  private record Stamp(long at, String what, long pid, String id, long epoch, String ring) {
    static Stamp of(String line) {
      String[] words = line.split(" ", -1);
      return new Stamp(
          Long.parseLong(words[0]),
          words[1],
          Long.parseLong(words[2]),
          words[3],
          Long.parseLong(words[4]),
          words[5]);
    }
  }

  @AfterAll
  static void figures() {
    System.out.println("Figures of lead on this machine:");
    FIGURES.forEach(figure -> System.out.println("  " + figure));
  }

  @AfterEach
  void stop() throws IOException {
    leads.forEach(Process::destroyForcibly); // the watchdogs end what they ran
    for (Stamp start : starts()) {
      Awaitility.await("end of " + start).until(() -> !working(start.pid));
    }
  }

  private Process lead(DaemonProcess daemon, String... options) throws IOException {
    Path worker = Files.writeString(folder.resolve("worker"), WORKER);
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--default-signal=INT", // where tests run in the background it is ignored
                ROOT.resolve("scripts/ring-daemon").toString(),
                "lead",
                "default",
                "--url=http://127.0.0.1:" + daemon.httpPort));
    command.addAll(List.of(options));
    command.addAll(List.of("--", "sh", worker.toString(), folder.resolve("journal").toString()));
    Process lead =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("lead.log").toFile()))
            .start();
    leads.add(lead);
    return lead;
  }

  /** What the commands stamped, in order; without a line that is being written. */
  private List<Stamp> stamps() throws IOException {
    Path journal = folder.resolve("journal");
    return Files.exists(journal)
        ? Files.readAllLines(journal).stream()
            .filter(line -> line.split(" ", -1).length == 6)
            .map(Stamp::of)
            .sorted((one, other) -> Long.compare(one.at, other.at))
            .toList()
        : List.of();
  }

  private List<Stamp> starts() throws IOException {
    return stamps().stream().filter(stamp -> stamp.what.equals("start")).toList();
  }

  private Stamp last() throws IOException {
    List<Stamp> all = stamps();
    return all.get(all.size() - 1);
  }

  private static long uptime() throws IOException {
    String text = Files.readString(Path.of("/proc/uptime"));
    return Long.parseLong(text.substring(0, text.indexOf(' ')).replace(".", ""));
  }

  private Stamp awaitStart(Cluster cluster, int number) throws IOException {
    cluster.until(START, "command " + number, () -> starts().size() >= number);
    return starts().get(number - 1);
  }

  /** Runs {@code lead} beside each daemon once they agree; the first command's start. */
  private Stamp leadBesideEach(Cluster cluster) throws IOException {
    cluster.settled(cluster.nodes, START);
    for (DaemonProcess node : cluster.nodes) {
      lead(node);
    }
    return awaitStart(cluster, 1);
  }

  private static void signal(String name, long pid) throws Exception {
    new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor();
  }

  private void awaitSilence(Cluster cluster, long pid) {
    cluster.until(Duration.ofSeconds(10), "the command has ended", () -> !working(pid));
  }

  /** A command whose {@code lead} is frozen has ended although nobody took notice of it yet. */
  private static boolean working(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    try {
      String text = Files.readString(stat);
      return !text.substring(text.lastIndexOf(')')).startsWith(") Z");
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private void neverTwoAtOnce() throws IOException {
    long working = 0;
    for (Stamp stamp : stamps()) {
      if (stamp.what.equals("start")) {
        working = stamp.pid;
      } else {
        assertThat(stamp.pid).as("who works at " + stamp).isEqualTo(working);
      }
    }
  }

  private static void figure(String what, long centis) {
    FIGURES.add("%s: %.2f s".formatted(what, centis / 100.0));
  }

  @Test
  void whenTheDaemonIsKilledTheCommandRunsElsewhereWithinSixSeconds() throws Exception {
    try (Cluster cluster = Cluster.of(2, folder)) {
      Stamp first = leadBesideEach(cluster);
      assertThat(first.ring).isEqualTo("default");
      long killed = uptime();
      cluster.node(first.id).kill();
      Stamp second = awaitStart(cluster, 2);
      assertThat(second.id).isNotEqualTo(first.id);
      assertThat(second.epoch).isGreaterThan(first.epoch);
      figure("command elsewhere after kill -9 of the daemon", second.at - killed);
      assertThat(second.at - killed).isLessThan(600);
      neverTwoAtOnce();
    }
  }

  @Test
  void whenAllOfAHostIsKilledTheCommandRunsElsewhereWithinSixSeconds() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      Stamp first = leadBesideEach(cluster);
      int at = cluster.nodes.indexOf(cluster.node(first.id));
      long killed = uptime();
      signal("KILL", first.pid);
      leads.get(at).destroyForcibly();
      cluster.node(first.id).kill();
      Stamp second = awaitStart(cluster, 2);
      figure("command elsewhere after kill -9 of all of a host", second.at - killed);
      assertThat(second.at - killed).isLessThan(600);
      neverTwoAtOnce();
    }
  }

  @Test
  void aFrozenDaemonsCommandStopsByItsOwnDeadlineBeforeAnotherStarts() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      Stamp first = leadBesideEach(cluster);
      long frozen = uptime();
      cluster.node(first.id).signal("STOP");
      Stamp second = awaitStart(cluster, 2);
      long lastBeat =
          stamps().stream()
              .filter(one -> one.pid == first.pid)
              .mapToLong(Stamp::at)
              .max()
              .orElse(0);
      figure("a frozen daemon's command stopped after", lastBeat - frozen);
      figure("command elsewhere after SIGSTOP of the daemon", second.at - frozen);
      assertThat(lastBeat).isLessThan(second.at);
      TimeUnit.SECONDS.sleep(8);
      cluster.node(first.id).signal("CONT");
      TimeUnit.SECONDS.sleep(5);
      neverTwoAtOnce();
    }
  }

  @Test
  void aKilledOrFrozenLeadTakesItsCommandAlong() throws Exception {
    try (Cluster cluster = Cluster.of(1, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess node = cluster.nodes.get(0);
      Process killed = lead(node);
      Stamp first = awaitStart(cluster, 1);
      signal("KILL", killed.pid());
      awaitSilence(cluster, first.pid);

      Process frozen = lead(node);
      Stamp second = awaitStart(cluster, 2);
      signal("STOP", frozen.pid());
      awaitSilence(cluster, second.pid);
      signal("CONT", frozen.pid());
      awaitStart(cluster, 3);
      neverTwoAtOnce();
    }
  }

  @Test
  void signalsAndTheExitCodeComeThrough() throws Exception {
    try (Cluster cluster = Cluster.of(1, folder)) {
      cluster.settled(cluster.nodes, START);
      Process lead = lead(cluster.nodes.get(0));
      awaitStart(cluster, 1);
      signal("USR1", lead.pid());
      cluster.until(
          START, "USR1", () -> stamps().stream().anyMatch(one -> one.what.equals("USR1")));
      signal("INT", lead.pid());
      assertThat(lead.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(lead.exitValue()).isEqualTo(42);
      assertThat(last().what).isEqualTo("INT");
    }
  }

  @Test
  void onceItEndsWhenTheLeadIsLostAndATimeoutEndsTheWait() throws Exception {
    try (Cluster cluster = Cluster.of(1, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess node = cluster.nodes.get(0);
      Process once = lead(node, "--once");
      awaitStart(cluster, 1);
      node.kill();
      assertThat(once.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(once.exitValue()).isEqualTo(128 + 15);

      Process waiting = lead(node, "--timeout=1s");
      assertThat(waiting.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(waiting.exitValue()).isEqualTo(3);
      assertThat(Files.readString(folder.resolve("lead.log")))
          .contains("waiting for the daemon: can't reach")
          .contains("gave up after waiting for the lead of default");
    }
  }

  @Test
  void neverTwoAtOnceOverTwentyForcedChanges() throws Exception {
    Process torture =
        new ProcessBuilder(ROOT.resolve("scripts/lead-torture").toString(), "--changes", "20")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("torture.log").toFile())
            .start();
    try {
      assertThat(torture.waitFor(8, TimeUnit.MINUTES)).isTrue();
    } finally {
      torture.destroy();
    }
    String said = Files.readString(folder.resolve("torture.log"));
    FIGURES.add(said);
    assertThat(torture.exitValue()).as(said).isZero();
  }
}
