package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.store.RealServer;
import io.ringdaemon.store.consul.ConsulServer;
import io.ringdaemon.store.etcd.EtcdServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gossip ring moves to a real etcd or Consul, by hand and under its daemons' feet. */
@Tag("slow")
class MigrateIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Path ROOT = Path.of(System.getProperty("project.root"));

  @TempDir Path folder;

  private record Said(int code, String text) {}

  private Said migrate(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(ROOT.resolve("scripts/ring-daemon").toString(), "migrate"));
    command.addAll(List.of(options));
    Path out = folder.resolve("migrate.out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Said(process.exitValue(), Files.readString(out));
  }

  @Test
  void aGossipRingIsCopiedToEtcdAndBack() throws Exception {
    try (EtcdServer etcd = EtcdServer.start(folder);
        Cluster cluster = Cluster.of(2, folder)) {
      cluster.settled(cluster.nodes, START);
      String gossip = "memberlist://127.0.0.1:" + cluster.nodes.get(0).gossipPort;
      String there = "etcd://" + etcd.endpoint();

      Said before = migrate("--from", gossip, "--to", there, "--check");
      assertThat(before.text()).contains("missing").contains("default: 0 of 2 agree");
      assertThat(before.code()).isEqualTo(1);

      Said copied = migrate("--from", gossip, "--to", there);
      assertThat(copied.text())
          .contains("default: 2 instances copied")
          .contains("default: 2 of 2 agree");
      assertThat(copied.code()).isZero();

      Said checked = migrate("--from", there, "--to", gossip, "--check");
      assertThat(checked.text()).contains("default: 2 of 2 agree");
      assertThat(checked.code()).isZero();
    }
  }

  @Test
  void aRingIsCopiedToConsul() throws Exception {
    try (ConsulServer consul = ConsulServer.start(folder);
        Cluster cluster = Cluster.of(2, folder)) {
      cluster.settled(cluster.nodes, START);
      String gossip = "memberlist://127.0.0.1:" + cluster.nodes.get(0).gossipPort;
      String there = "consul://" + consul.endpoint();
      Said copied = migrate("--from", gossip, "--to", there);
      assertThat(copied.text())
          .contains("default: 2 instances copied")
          .contains("default: 2 of 2 agree");
      assertThat(copied.code()).isZero();
      Said checked = migrate("--from", there, "--to", gossip, "--check");
      assertThat(checked.text()).contains("default: 2 of 2 agree");
      assertThat(checked.code()).isZero();
    }
  }

  @Test
  void whatCanNotBeReachedOrUnderstoodIsSaid() throws Exception {
    Said away = migrate("--from", "etcd://127.0.0.1:1", "--to", "etcd://127.0.0.1:1");
    assertThat(away.code()).isEqualTo(3);
    assertThat(away.text()).contains("Connection refused");
    Said wrong = migrate("--from", "redis", "--to", "etcd://127.0.0.1:1");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.text()).contains("--from=redis: expected memberlist or etcd");
  }

  @Test
  void daemonsChangeToEtcdWithoutARestart() throws Exception {
    try (EtcdServer etcd = EtcdServer.start(folder)) {
      changeTo("etcd", "etcd: {endpoints: [\"%s\"]}".formatted(etcd.endpoint()), etcd);
    }
  }

  @Test
  void daemonsChangeToConsulWithoutARestart() throws Exception {
    try (ConsulServer consul = ConsulServer.start(folder)) {
      changeTo("consul", "consul: {host: \"%s\"}".formatted(consul.endpoint()), consul);
    }
  }

  private void changeTo(String store, String options, RealServer server) throws Exception {
    try (Cluster cluster = new Cluster(folder)) {
      int gossip = DaemonProcess.freePort();
      Path file = folder.resolve("ring.yaml");
      Files.writeString(file, multi(options, "memberlist", store));
      for (int i = 1; i <= 2; i++) {
        cluster.add(
            "ring-" + i,
            i == 1 ? gossip : DaemonProcess.freePort(),
            List.of("--config.file=" + file, "--join=127.0.0.1:" + gossip));
      }
      cluster.settled(cluster.nodes, START);
      cluster.until(START, store + " follows", () -> server.get("collectors/default").isPresent());

      Files.writeString(file, multi(options, store, "memberlist"));
      for (DaemonProcess node : cluster.nodes) {
        node.signal("HUP");
        cluster.until(
            START, "it has switched", () -> node.tail().contains("from=memberlist to=" + store));
      }
      cluster.settled(cluster.nodes, START);
      Files.writeString(file, "rings: {default: {num_tokens: many}}\n");
      cluster.nodes.get(0).signal("HUP");
      cluster.until(
          START,
          "a wrong file changes nothing",
          () -> cluster.nodes.get(0).tail().contains("reload refused, nothing has changed"));
      assertThat(cluster.nodes.get(0).forget("nobody").statusCode()).isEqualTo(404);
      cluster.settled(cluster.nodes, START);
    }
  }

  private static String multi(String options, String primary, String secondary) {
    return """
        rings:
          default:
            tokens_observe_period: 1s
            kvstore:
              store: multi
              %s
              multi: {primary: %s, secondary: %s, mirror_enabled: true}
        """
        .formatted(options, primary, secondary);
  }
}
