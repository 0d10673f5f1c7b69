package io.ringdaemon.daemon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * {@code scripts/interop/run}: rings shared with a real Loki in real stores, and compared with what
 * the reference library computes. A line a check; exit code 0 only if every one was made and held.
 *
 * <p>The stores take turns in all but their heartbeats, which go on behind the others' checks.
 */
public final class Interop {
  private static final long BEGAN = System.nanoTime();

  /** What is looked at; throws {@code AssertionError} where it does not hold. */
  interface Check {
    /** What was found, for the line that is printed; may be empty. */
    String made() throws Exception;
  }

  private int made;
  private int failed;
  private int skipped;

  private Interop() {}

  /** {@code --minutes N}, {@code --stores etcd,consul}. */
  public static void main(String[] args) throws Exception {
    Duration heartbeats = Duration.ofMinutes(10);
    List<String> stores = List.of("etcd", "consul");
    for (int i = 0; i < args.length; i += 2) {
      switch (args[i]) {
        case "--minutes" -> heartbeats = Duration.ofMinutes(Long.parseLong(args[i + 1]));
        case "--stores" -> stores = List.of(args[i + 1].split(",", -1));
        default -> throw new IllegalArgumentException(args[i]);
      }
    }
    System.exit(new Interop().run(stores, heartbeats) ? 0 : 1);
  }

  private boolean run(List<String> stores, Duration heartbeats) throws Exception {
    Path folder = Files.createTempDirectory("ring-interop");
    List<InteropChecks> all = new ArrayList<>();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> all.forEach(InteropChecks::close)));
    for (String store : stores) {
      InteropChecks checks =
          new InteropChecks(this, store, Files.createDirectory(folder.resolve(store)));
      all.add(checks);
      attempt(store, checks::shareRings);
    }
    for (InteropChecks checks : all) {
      if (checks.sharing()) {
        attempt(checks.kind(), () -> checks.heartbeatsOf(heartbeats));
      }
      checks.close();
    }
    System.out.printf(
        "%d checks held, %d failed, %d skipped, in %d s%n", made, failed, skipped, seconds());
    if (failed + skipped == 0) {
      delete(folder);
      return true;
    }
    System.out.println("logs and values are kept in " + folder);
    return false;
  }

  private static long seconds() {
    return Duration.ofNanos(System.nanoTime() - BEGAN).toSeconds();
  }

  /** Some checks that build on each other: the first that does not hold ends them. */
  private void attempt(String store, Attempt checks) throws Exception {
    try {
      checks.make();
    } catch (TestAbortedException absent) {
      skipped++;
      System.out.printf("skipped %s: %s%n", store, absent.getMessage());
    } catch (AssertionError | Exception broken) {
      failed++;
      System.out.printf("not ok %s, %d s: %s%n", store, seconds(), broken);
    }
  }

  private interface Attempt {
    void make() throws Exception;
  }

  /** Makes a check and prints its line. */
  void check(String store, String what, Check check) throws Exception {
    String found;
    try {
      found = check.made();
    } catch (AssertionError broken) {
      throw new AssertionError(what + ": " + broken.getMessage(), broken);
    }
    made++;
    System.out.printf(
        "ok %d %s: %s%s (%d s)%n",
        made, store, what, found.isEmpty() ? "" : ": " + found, seconds());
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> found = Files.walk(folder)) {
      found.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path one : all) {
      Files.deleteIfExists(one);
    }
  }
}
