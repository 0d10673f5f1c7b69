package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leaders that go, with real processes. Figures are printed; {@code scripts/failover} takes more.
 */
@Tag("slow")
class FailoverIT {
  private static final Duration START = Duration.ofMinutes(2);
  private static final int NODES = Integer.getInteger("failover.nodes", 3);
  private static final int RUNS = Integer.getInteger("failover.runs", 3);

  @TempDir Path folder;

  @Test
  void aLeaderThatIsToldToGoOrKilledIsFollowed() throws Exception {
    try (Cluster cluster = Cluster.of(NODES, folder)) {
      Failover failover = new Failover(cluster);
      System.out.println(failover.report("SIGTERM", false, RUNS));
      System.out.println(failover.report("kill -9", true, RUNS));
    }
  }

  @Test
  void whoseEpochFileIsCorruptDoesNotLeadAndNamesTheFile() throws Exception {
    try (Cluster cluster = Cluster.of(2, folder)) {
      cluster.settled(cluster.nodes, START);
      String[] leads = new String[1];
      cluster.until(
          START, "a leader", () -> (leads[0] = Cluster.agreedLeader(cluster.nodes)) != null);
      DaemonProcess leader = cluster.node(leads[0]);
      DaemonProcess other = cluster.others(leader).get(0);
      Path file = leader.dataDir.resolve("default.epoch");
      leader.kill();
      Files.writeString(file, "seven\n");
      leader.start();
      cluster.settled(cluster.nodes, START);
      cluster.always(
          Duration.ofSeconds(12), "the other one leads", () -> leader.leader().equals(other.name));
      assertThat(leader.json("/api/v1/rings/default/leader").path("obstacle").asString(""))
          .contains(file.toString())
          .contains("\"seven\"")
          .contains("write the highest epoch");
      assertThat(leader.page("/ring")).contains("default.epoch").contains("not eligible to lead");
      assertThat(Files.readString(file)).isEqualTo("seven\n");
      Files.writeString(file, other.epoch() + "\n"); // mended: it stands again by itself
      cluster.until(
          Duration.ofSeconds(60), "it leads again", () -> other.leader().equals(leader.name));
      assertThat(leader.epoch()).isGreaterThan(1);
    }
  }
}
