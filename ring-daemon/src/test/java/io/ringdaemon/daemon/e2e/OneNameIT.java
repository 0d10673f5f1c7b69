package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons started with one node name by mistake. */
class OneNameIT {
  @TempDir Path folder;

  @Test
  void theLaterStaysOutIsNotReadyAndBothAddressesAreNamedEverywhere() throws Exception {
    try (Cluster cluster = Cluster.of(2, folder)) {
      DaemonProcess first = cluster.node("ring-1");
      DaemonProcess observer = cluster.node("ring-2");
      cluster.settled(List.of(first, observer), Duration.ofSeconds(40));
      DaemonProcess later =
          new DaemonProcess(
              "ring-1",
              DaemonProcess.freePort(),
              DaemonProcess.freePort(),
              Files.createDirectory(folder.resolve("elsewhere")),
              List.of("--join=127.0.0.1:" + observer.gossipPort));
      cluster.nodes.add(later);
      String one = "127.0.0.1:" + first.gossipPort;
      String other = "127.0.0.1:" + later.gossipPort;
      cluster.until(
          Duration.ofSeconds(40),
          "/ready of the later says why not",
          () ->
              later.status("/ready") == 503
                  && later.page("/ready").contains(one)
                  && later.page("/ready").contains(other));
      cluster.until(
          Duration.ofSeconds(10),
          "pages name both",
          () -> List.of(first, observer, later).stream().allMatch(node -> names(node, one, other)));
      cluster.always(
          Duration.ofSeconds(5),
          "the first serves, the later doesn't",
          () ->
              first.status("/ready") == 200
                  && later.status("/ready") == 503
                  && observer
                      .instance("ring-1")
                      .filter(entry -> entry.path("state").asString("").equals("ACTIVE"))
                      .filter(entry -> entry.path("healthy").asBoolean(false))
                      .isPresent());
      assertThat(Files.readString(later.log)).contains("two nodes call themselves", one, other);
    }
  }

  private static boolean names(DaemonProcess node, String one, String other) {
    try {
      String page = node.page("/");
      return page.contains("two nodes call themselves")
          && page.contains(one)
          && page.contains(other);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
