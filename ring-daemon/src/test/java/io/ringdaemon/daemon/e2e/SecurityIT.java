package io.ringdaemon.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.security.KeyRing;
import io.ringdaemon.gossip.mesh.security.TestCertificates;
import io.ringdaemon.gossip.mesh.security.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, keys and SIGHUP with real processes. */
@Tag("slow")
class SecurityIT {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final SecureRandom CHANCE = new SecureRandom();

  @TempDir Path folder;

  @Test
  void threeWithTlsMeetAStrangerIsRefusedAndABrokenCertificateChangesNothing() throws Exception {
    Tls tls = new TestCertificates(folder, "ours").tls("node");
    Tls theirs = new TestCertificates(folder, "theirs").tls("node");
    try (Cluster cluster = new Cluster(folder)) {
      start(cluster, 3, node -> options(tls));
      cluster.settled(cluster.nodes, START);
      DaemonProcess first = cluster.nodes.get(0);
      List<DaemonProcess> ours = List.copyOf(cluster.nodes);
      List<String> join = new ArrayList<>(options(theirs));
      join.add("--join=127.0.0.1:" + first.gossipPort);
      DaemonProcess stranger = cluster.add("stranger", DaemonProcess.freePort(), join);
      says(cluster, stranger, "TLS failed", "tls_ca_path");
      says(cluster, first, "no connection with 127.0.0.1");
      assertThat(first.metric("ring_daemon_mesh_dropped_frames_total{reason=\"tls\"")).isPositive();

      String good = Files.readString(tls.certificate());
      Files.writeString(tls.certificate(), "-----BEGIN CERTIFICATE-----\n");
      says(cluster, first, tls.certificate() + ":1: ", "what was read before stays in use");
      first.signal("HUP");
      logs(cluster, first, "reload refused, nothing has changed: memberlist: " + tls.certificate());
      Files.writeString(tls.certificate(), good);
      first.signal("HUP");
      logs(cluster, first, "reloaded changed=nothing");
      cluster.until(
          SOON,
          "the alert is gone",
          () -> !first.page("/ring").contains("what was read before stays in use"));
      cluster.settled(ours, SOON);
    }
  }

  private static List<String> options(Tls tls) {
    return List.of(
        "--set=memberlist.tls_enabled=true",
        "--set=memberlist.tls_cert_path=" + tls.certificate(),
        "--set=memberlist.tls_key_path=" + tls.key(),
        "--set=memberlist.tls_ca_path=" + tls.authorities().get(0));
  }

  @Test
  void aKeyIsReplacedBySighupAndAnotherKeyIsRefused() throws Exception {
    String old = KeyRing.generate(256, CHANCE);
    String fresh = KeyRing.generate(256, CHANCE);
    try (Cluster cluster = new Cluster(folder)) {
      start(cluster, 3, node -> keys(node, old));
      cluster.settled(cluster.nodes, START);
      rekey(cluster, old, fresh);
      rekey(cluster, fresh, old);
      rekey(cluster, fresh);
      DaemonProcess first = cluster.nodes.get(0);
      List<String> join = new ArrayList<>(keys("late", old));
      join.add("--join=127.0.0.1:" + first.gossipPort);
      DaemonProcess late = cluster.add("late", DaemonProcess.freePort(), join);
      says(cluster, late, "does not know the first key of memberlist.encryption_keys_file here");
      says(cluster, first, "encrypts with a key that is not in memberlist.encryption_keys_file");
      logs(cluster, first, "encrypts with a key that is not in");
      write("late", fresh);
      late.signal("HUP");
      cluster.settled(cluster.nodes, SOON);
      for (DaemonProcess node : cluster.nodes) {
        String said = Files.readString(node.log) + node.page("/config") + node.page("/metrics");
        assertThat(said).doesNotContain(old).doesNotContain(fresh);
      }
    }
  }

  private void rekey(Cluster cluster, String... keys) throws Exception {
    for (DaemonProcess node : cluster.nodes) {
      long before = count(node, "gossip uses keys");
      write(node.name, keys);
      node.signal("HUP");
      cluster.until(SOON, "reloaded", () -> count(node, "gossip uses keys") > before);
    }
    cluster.settled(cluster.nodes, SOON);
  }

  private static long count(DaemonProcess node, String text) throws Exception {
    return Files.readAllLines(node.log).stream().filter(line -> line.contains(text)).count();
  }

  private List<String> keys(String node, String... keys) throws Exception {
    return List.of("--set=memberlist.encryption_keys_file=" + write(node, keys));
  }

  private Path write(String node, String... keys) throws Exception {
    return Files.writeString(folder.resolve(node + ".keys"), String.join("\n", keys));
  }

  @Test
  void sighupTakesUpWhatItCanNamesTheRestAndIgnoresABadFile() throws Exception {
    Path file = Files.writeString(folder.resolve("ring.yaml"), "memberlist: {cluster_label: a}\n");
    try (Cluster cluster = new Cluster(folder)) {
      DaemonProcess node =
          cluster.add("one", DaemonProcess.freePort(), List.of("--config.file=" + file));
      DaemonProcess other =
          cluster.add("two", DaemonProcess.freePort(), List.of("--set=memberlist.cluster_label=b"));
      cluster.until(START, "one is up", () -> node.status("/ready") == 200);
      cluster.until(START, "two is up", () -> other.status("/ready") == 200);
      Files.writeString(file, "memberlist: {cluster_lable: b}\n");
      node.signal("HUP");
      logs(cluster, node, "reload refused, nothing has changed: " + file + ":1", "did you mean");
      assertThat(node.status("/live")).isEqualTo(200);
      Files.writeString(
          file,
          """
          server: {log_level: debug}
          memberlist:
            cluster_label: b
            gossip_nodes: 4
            join_members: ["127.0.0.1:%d"]
          """
              .formatted(other.gossipPort));
      node.signal("HUP");
      logs(cluster, node, "reloaded changed=", "server.log_level", "memberlist.cluster_label");
      logs(cluster, node, "only a restart changes memberlist.gossip_nodes");
      cluster.settled(cluster.nodes, SOON);
      assertThat(node.page("/config")).contains("cluster_label: b").contains("gossip_nodes: 3");
    }
  }

  /** The options of a node by its name. */
  private interface Options {
    List<String> of(String node) throws Exception;
  }

  private static void start(Cluster cluster, int count, Options options) throws Exception {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(DaemonProcess.freePort());
    }
    for (int i = 0; i < count; i++) {
      String name = "ring-" + (i + 1);
      List<String> all = new ArrayList<>(options.of(name));
      ports.forEach(port -> all.add("--join=127.0.0.1:" + port));
      cluster.add(name, ports.get(i), all);
    }
  }

  private static void says(Cluster cluster, DaemonProcess node, String... words) {
    cluster.until(
        START,
        node.name + "'s page says " + List.of(words),
        () -> {
          String page = node.page("/ring");
          return List.of(words).stream().allMatch(page::contains);
        });
  }

  private static void logs(Cluster cluster, DaemonProcess node, String... words) {
    cluster.until(
        SOON,
        node.name + "'s log says " + List.of(words),
        () ->
            Files.readAllLines(node.log).stream()
                .anyMatch(line -> List.of(words).stream().allMatch(line::contains)));
  }
}
