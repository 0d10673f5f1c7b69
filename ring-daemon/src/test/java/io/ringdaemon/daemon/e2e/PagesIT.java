package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages of real daemons say while something happens (reference/interfaces.md 4b). */
@Tag("slow")
class PagesIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void aKilledLeaderIsNamedWithTheReasonAndVanishesFromNoPage() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess old = cluster.node(Cluster.agreedLeader(cluster.nodes));
      List<DaemonProcess> others = cluster.others(old);
      long epoch = others.get(0).epoch();
      old.kill();
      Duration took =
          cluster.until(
              SOON,
              "verdict and leader are right on both",
              () -> {
                boolean right = true;
                for (DaemonProcess node : others) {
                  right &= tellsTheTruth(node, old, others, epoch);
                }
                return right;
              });
      System.out.printf("pages name the dead leader and the next one after %s%n", took);
      assertThat(others.get(0).forget(old.name).statusCode()).isEqualTo(302);
      for (DaemonProcess node : others) {
        cluster.until(SOON, "it is gone", () -> node.instance(old.name).isEmpty());
      }
    }
  }

  /** Fails if the dead one is missing, or a living one is called ill. */
  private static boolean tellsTheTruth(
      DaemonProcess node, DaemonProcess dead, List<DaemonProcess> living, long epoch)
      throws Exception {
    String ring = node.page("/ring");
    String members = node.page("/memberlist");
    if (ring.isEmpty() || members.isEmpty()) {
      return false; // no answer in time
    }
    assertThat(ring).as("the ring page keeps it").contains(dead.name);
    assertThat(members).as("so does the members page").contains(dead.name);
    for (DaemonProcess one : living) {
      assertThat(ring) // late for a moment on a busy machine it may be
          .doesNotContain(one.name + " has been dead")
          .doesNotContain(one.name + " has been unhealthy");
    }
    return ring.contains(dead.name + " has been dead since")
        && ring.contains("its node " + dead.name + " stopped answering")
        && node.epoch() > epoch
        && living.stream().anyMatch(one -> ring.contains("<dd><b><bdi>" + one.name + "</bdi></b>"));
  }

  @Test
  void whoIsForgottenWhileItStandsStillComesBackAndBothAreTold() throws Exception {
    try (Cluster cluster = Cluster.of(3, folder)) {
      cluster.settled(cluster.nodes, START);
      DaemonProcess frozen = cluster.node("ring-3");
      DaemonProcess awake = cluster.node("ring-1");
      frozen.signal("STOP");
      cluster.until(
          SOON,
          "it is dead",
          () -> awake.page("/ring").contains(frozen.name + " has been dead since"));
      assertThat(awake.forget(frozen.name).statusCode()).isEqualTo(302);
      cluster.until(SOON, "it is gone", () -> awake.instance(frozen.name).isEmpty());
      assertThat(awake.page("/ring")).contains("forgotten by 127.0.0.1");
      frozen.signal("CONT");
      cluster.settled(cluster.nodes, START);
      cluster.until(
          SOON,
          "both are told on the page and in the API",
          () ->
              told(awake.page("/ring"))
                  && told(awake.page("/api/v1/rings/default/events"))
                  && frozen.tail().contains("was forgotten but lives"));
    }
  }

  private static boolean told(String text) {
    return text.contains("forgotten by 127.0.0.1") && text.contains("joined as");
  }
}
