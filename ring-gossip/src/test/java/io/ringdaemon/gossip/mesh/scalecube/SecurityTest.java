package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.MeshException;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.MeshConfig.Security;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import io.ringdaemon.gossip.mesh.security.KeyRing;
import io.ringdaemon.gossip.mesh.security.Protection;
import io.ringdaemon.gossip.mesh.security.SharedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels and shared keys, changed in a running cluster, in virtual time. */
class SecurityTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final List<String> NAMES = List.of("n1", "n2", "n3");
  private static final SecureRandom CHANCE = new SecureRandom();

  private final VirtualCluster cluster = new VirtualCluster(3);
  private final String old = KeyRing.generate(256, CHANCE);
  private final String fresh = KeyRing.generate(256, CHANCE);
  private long written = 1_000;

  @TempDir Path folder;

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void aLabelIsTurnedOnInARunningCluster() {
    startAll(config -> config);
    assertOneClusterWhile(() -> forEach(name -> label(name, "", true)));
    assertOneClusterWhile(() -> forEach(name -> label(name, "blue", true)));
    assertOneClusterWhile(() -> forEach(name -> label(name, "blue", false)));
    Node stranger = cluster.start("n4", VirtualCluster.address("n1"));
    cluster.time.runFor(MINUTE);
    assertThat(stranger.mesh.peers()).isEmpty();
    assertThat(stranger.mesh.troubles().toString()).contains("belongs to cluster \"blue\"");
    assertThat(dropped("n1", "label")).isPositive();
  }

  @Test
  void enforcingALabelEndsConnectionsOfAnother() {
    startAll(config -> config);
    label("n1", "", true);
    label("n2", "", true); // n3 was forgotten
    label("n1", "blue", true);
    label("n1", "blue", false);
    cluster.time.runFor(MINUTE);
    assertThat(node("n1").in(PeerState.ALIVE)).isEmpty();
    assertThat(node("n1").mesh.troubles().toString()).contains("\"blue\"", "you to \"\"");
    assertThat(node("n3").in(PeerState.ALIVE)).containsExactly("n2");
  }

  @Test
  void aKeyIsReplacedInARunningCluster() {
    forEach(name -> write(name, old));
    startAll(this::sealed);
    assertOneClusterWhile(() -> forEach(name -> rekey(name, old, fresh)));
    assertOneClusterWhile(() -> forEach(name -> rekey(name, fresh, old)));
    assertOneClusterWhile(() -> forEach(name -> rekey(name, fresh)));
    write("n4", old);
    Node late = cluster.start("n4", config -> sealed(config).withSeeds(seeds()));
    cluster.time.runFor(MINUTE);
    assertThat(late.in(PeerState.ALIVE)).isEmpty();
    assertThat(late.mesh.troubles().toString()).contains("does not know the first key");
    assertThat(node("n1").mesh.troubles().toString())
        .contains("no connection with 10.0.0.4: encrypts with a key that is not in");
    assertThat(dropped("n1", "key")).isPositive();
    assertThat(dropped("n4", "key")).isPositive();
    rekey("n4", fresh);
    cluster.untilConverged(SOON);
  }

  @Test
  void filesAreLookedAtAndThoseThatCannotBeUsedChangeNothing() {
    forEach(name -> write(name, old));
    startAll(this::sealed);
    Node first = node("n1");
    write("n1", "not a key");
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(first.mesh.troubles().toString())
        .contains(file("n1") + ":1: expected a key in base64")
        .contains("what was read before stays in use");
    assertThat(cluster.converged()).isTrue();
    write("n4", old);
    cluster.start("n4", config -> sealed(config).withSeeds(seeds()));
    cluster.untilConverged(SOON);
    forEach(name -> write(name, old + "\n" + fresh));
    write("n4", old + "\n" + fresh);
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(first.mesh.troubles()).isEmpty();
    write("n5", fresh + "\n" + old);
    cluster.start("n5", config -> sealed(config).withSeeds(seeds()));
    cluster.untilConverged(SOON);
  }

  @Test
  void askingForAFileThatCannotBeUsedFailsAndChangesNothing() {
    forEach(name -> write(name, old));
    startAll(this::sealed);
    write("n1", "");
    CompletableFuture<Void> asked =
        node("n1")
            .mesh
            .secure("blue", new Security(false, new SharedKeys(file("n1"))))
            .toCompletableFuture();
    cluster.time.runFor(Duration.ofSeconds(1));
    assertThat(asked)
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withCauseInstanceOf(MeshException.class)
        .withMessageContaining("holds no key");
    cluster.time.runFor(MINUTE);
    assertThat(cluster.converged()).isTrue();
  }

  @Test
  void withAndWithoutKeysDoNotMixAndBothSidesSayWhatToDo() {
    write("n1", old);
    cluster.start("n1", this::sealed);
    Node bare = cluster.start("n2", VirtualCluster.address("n1"));
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(bare.mesh.troubles().toString())
        .contains("refused us: encrypts its gossip: set memberlist.encryption_keys_file here");
    assertThat(node("n1").mesh.troubles().toString())
        .contains("no connection with 10.0.0.2: calls without encryption");
    assertThat(dropped("n1", "plaintext")).isPositive();
    assertThat(dropped("n2", "plaintext")).isPositive();

    write("n3", old);
    cluster.start("n3", config -> sealed(config).withSeeds(List.of(VirtualCluster.address("n2"))));
    cluster.time.runFor(Duration.ofSeconds(30));
    assertThat(node("n3").mesh.troubles().toString())
        .contains("no connection with 10.0.0.2:7946: answers without encryption");
    assertThat(bare.mesh.troubles().toString())
        .contains("no connection with 10.0.0.3: calls encrypted with shared keys, here there are");
    assertThat(dropped("n2", "encrypted")).isPositive();
  }

  private void startAll(UnaryOperator<MeshConfig> settings) {
    forEach(name -> cluster.start(name, config -> settings.apply(config.withSeeds(seeds()))));
    cluster.untilConverged(SOON);
  }

  private static List<String> seeds() {
    return NAMES.stream().map(VirtualCluster::address).toList();
  }

  /** Nobody doubts anybody while it is done, nor in the two minutes after. */
  private void assertOneClusterWhile(Runnable change) {
    change.run();
    for (int second = 0; second < 120; second++) {
      cluster.time.runFor(Duration.ofSeconds(1));
      assertThat(cluster.converged()).as("after %d s", second).isTrue();
    }
    for (Node node : cluster.running()) {
      assertThat(node.seen.changes)
          .noneMatch(peer -> peer.state() != PeerState.ALIVE, "anybody was doubted");
      assertThat(node.mesh.troubles()).isEmpty();
    }
  }

  private void label(String name, String label, boolean any) {
    node(name).mesh.secure(label, new Security(any, new Protection.None()));
    cluster.time.runFor(Duration.ofSeconds(15));
  }

  private void rekey(String name, String... keys) {
    write(name, String.join("\n", keys));
    node(name).mesh.secure("", new Security(false, new SharedKeys(file(name))));
    cluster.time.runFor(Duration.ofSeconds(15));
  }

  private MeshConfig sealed(MeshConfig config) {
    return config.withSecurity(new Security(false, new SharedKeys(file(config.nodeName()))));
  }

  private Path file(String name) {
    return folder.resolve(name + ".keys");
  }

  private void write(String name, String keys) {
    try {
      Files.writeString(file(name), keys);
      Files.setLastModifiedTime(file(name), FileTime.fromMillis(written += 1_000));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Node node(String name) {
    return cluster.nodes.get(name);
  }

  private long dropped(String name, String reason) {
    return node(name)
        .metrics
        .counter("ring_daemon_mesh_dropped_frames_total", "", "reason", reason)
        .sum();
  }

  private static void forEach(java.util.function.Consumer<String> work) {
    NAMES.forEach(work);
  }
}
