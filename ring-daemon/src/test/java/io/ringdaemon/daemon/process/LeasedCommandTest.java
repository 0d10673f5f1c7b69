package io.ringdaemon.daemon.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes; deadlines are generous but for the one that is the point. */
@Tag("slow")
class LeasedCommandTest {
  @TempDir Path folder;

  private LeasedCommand start(String script) throws IOException {
    Path out = folder.resolve("out");
    return LeasedCommand.start(
        List.of("sh", "-c", "exec >>" + out + "; " + script),
        Map.of("LEADER_EPOCH", "7"),
        Moment.now());
  }

  private String out() throws IOException {
    Path out = folder.resolve("out");
    return Files.exists(out) ? Files.readString(out) : "";
  }

  private static void until(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }

  private static boolean gone(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z'; // dead; whoever should notice doesn't
    } catch (IOException none) {
      return true;
    }
  }

  private long child() {
    until("the child's pid", () -> out().contains("\n"));
    try {
      return Long.parseLong(out().lines().findFirst().orElseThrow());
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Test
  void itHasTheEnvironmentAndItsExitCodeComesThrough() throws Exception {
    try (LeasedCommand command = start("echo $LEADER_EPOCH; exit 42")) {
      assertThat(command.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(command.process().exitValue()).isEqualTo(42);
      assertThat(out()).isEqualTo("7\n");
    }
  }

  @Test
  void withoutRenewalItGetsTermAndThenKillBeforeItsLeaseIsOver() throws Exception {
    try (LeasedCommand command =
        start("trap 'echo TERM' TERM; echo; while :; do sleep 0.1; done")) {
      until("it runs", () -> out().contains("\n"));
      Moment asked = Moment.now();
      command.renewed(asked);
      assertThat(command.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(asked.age()).isGreaterThan(Duration.ofMillis(1700));
      assertThat(out()).isEqualTo("\nTERM\n");
      assertThat(command.process().exitValue()).isEqualTo(128 + 9);
      assertThat(command.lapsed()).isTrue();
    }
  }

  @Test
  void renewedItGoesOn() throws Exception {
    try (LeasedCommand command = start("while :; do sleep 0.1; done")) {
      for (int i = 0; i < 16; i++) {
        TimeUnit.MILLISECONDS.sleep(200);
        command.renewed(Moment.now());
      }
      assertThat(command.process().isAlive()).isTrue();
      command.end();
      assertThat(command.process().isAlive()).isFalse();
    }
  }

  @Test
  void allItStartedEndsWithIt() throws Exception {
    try (LeasedCommand command = start("(trap '' TERM; sleep 60) & echo $!; wait")) {
      long child = child();
      command.end();
      assertThat(gone(child)).isTrue();
    }
  }

  @Test
  void whatTheCommandLeavesBehindEndsToo() throws Exception {
    try (LeasedCommand command = start("sleep 60 & echo $!")) {
      long child = child();
      assertThat(command.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      command.end();
      assertThat(gone(child)).isTrue();
    }
  }

  @Test
  void whenTheProgramIsGoneTheWatchdogEndsIt() throws Exception {
    LeasedCommand command = start("sleep 60 & echo $!; wait");
    long child = child();

    command.close(); // what the kernel does when a program is killed

    assertThat(command.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    until("the whole group has ended", () -> gone(child));
  }

  @Test
  void aWatchdogThatCannotLeaveItsMarkEndsTheCommandAllTheSame() throws Exception {
    String line = Moment.now().line(Duration.ZERO, LeasedCommand.KILL);
    assertThat(endedByWatchdog(Path.of("/no/such/directory/mark"), line)).isTrue();
  }

  /** On a busy host it may be given no time until long after its last deadline. */
  @Test
  void aWatchdogThatComesTooLateEndsTheCommandAllTheSame(@TempDir Path folder) throws Exception {
    assertThat(endedByWatchdog(folder.resolve("mark"), "until 10 20\n")).isTrue();
  }

  @Test
  void aWatchdogWhoseProgramIsGoneBeforeItSaidAnythingEndsTheCommand(@TempDir Path folder)
      throws Exception {
    assertThat(endedByWatchdog(folder.resolve("mark"), "")).isTrue();
  }

  /** Whether a command is ended by a watchdog that is told {@code line} and nothing else. */
  private static boolean endedByWatchdog(Path mark, String line) throws Exception {
    ProcessGroup command =
        ProcessGroup.start(List.of("sh", "-c", "trap '' TERM; sleep 60"), new ProcessBuilder());
    String group = "" + command.process().pid();
    Process watchdog =
        new ProcessBuilder(
                "sh", "-c", ProcessGroup.script("watchdog.sh"), "watchdog", group, mark.toString())
            .start();
    try (OutputStream told = watchdog.getOutputStream()) {
      told.write(line.getBytes(StandardCharsets.US_ASCII));
      told.flush();
      if (!line.isEmpty()) {
        command.process().waitFor(20, TimeUnit.SECONDS);
        assertThat(Files.exists(mark)).isEqualTo(Files.isDirectory(mark.getParent()));
      }
    }
    assertThat(watchdog.waitFor(20, TimeUnit.SECONDS)).as("it ends itself").isTrue();
    boolean ended = command.process().waitFor(1, TimeUnit.SECONDS);
    command.process().destroyForcibly();
    return ended;
  }

  @Test
  void withoutItsWatchdogItMustBeEnded() throws Exception {
    try (LeasedCommand command = start("while :; do sleep 0.1; done")) {
      until("it can't be renewed", () -> refusesWithoutWatchdog(command));
      command.end();
      assertThat(command.process().isAlive()).isFalse();
    }
  }

  private static boolean refusesWithoutWatchdog(LeasedCommand command) {
    ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .arguments()
                    .map(List::of)
                    .filter(args -> args.contains("watchdog"))
                    .filter(args -> args.contains("" + command.process().pid()))
                    .isPresent())
        .forEach(ProcessHandle::destroyForcibly);
    try {
      command.renewed(Moment.now());
      return false;
    } catch (IOException gone) {
      return true;
    }
  }

  /** What is slow here must not be taken for a lease that ran out. */
  private static boolean renewed(LeasedCommand command) {
    try {
      command.renewed(Moment.now());
      return true;
    } catch (IOException gone) {
      throw new AssertionError(gone);
    }
  }

  /** Who is started in the background of a script ignores them, and so do all its children. */
  private static boolean interruptsAreIgnoredHere() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  @Test
  void signalsReachTheWholeGroupAlsoInterrupts() throws Exception {
    try (LeasedCommand command =
        start("trap 'exit 3' INT USR2; trap 'echo USR1' USR1; echo; while :; do sleep 0.1; done")) {
      until("it runs", () -> renewed(command) && out().contains("\n"));
      command.signal("USR1");
      until("USR1", () -> renewed(command) && out().contains("USR1"));
      command.signal(interruptsAreIgnoredHere() ? "USR2" : "INT");
      assertThat(command.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(command.process().exitValue()).isEqualTo(3);
    }
  }

  @Test
  void othersGoToTheCommandAloneWhoseChildrenWouldDieOfThem() throws Exception {
    try (LeasedCommand command =
        start("trap 'echo got' USR1; (echo child; exec sleep 9) & wait; wait; echo never")) {
      until("it runs", () -> renewed(command) && out().contains("child"));
      command.signal("USR1");
      until("USR1", () -> renewed(command) && out().contains("got"));
      TimeUnit.MILLISECONDS.sleep(300);
      assertThat(out()).doesNotContain("never");
      command.end();
    }
  }

  @Test
  void aCommandThatIsNotThereEndsLikeInAShell() throws Exception {
    try (LeasedCommand command =
        LeasedCommand.start(List.of("/no/such/command"), Map.of(), Moment.now())) {
      assertThat(command.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(command.process().exitValue()).isEqualTo(127);
    }
    assertThat(ProcessGroup.find("/no/such/command", "")).isEmpty();
    assertThat(ProcessGroup.find("sh", "/nowhere:/bin")).contains(Path.of("/bin/sh"));
  }

  @Test
  void withoutSetsidPerlMakesTheSession() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String name : List.of("sh", "perl", "sleep")) {
      Path program = ProcessGroup.find(name, System.getenv("PATH")).orElseThrow();
      Files.createSymbolicLink(bin.resolve(name), program.toRealPath());
    }
    ProcessBuilder settings = new ProcessBuilder();
    settings.environment().put("PATH", bin.toString());
    ProcessGroup group = ProcessGroup.start(List.of("sh", "-c", "sleep 60 & wait"), settings);
    until("a group of its own", () -> group.signal("0"));
    assertThat(group.signal("KILL")).isTrue();
    assertThat(group.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(group.awaitEmpty(Duration.ofSeconds(10))).isTrue();
  }
}
