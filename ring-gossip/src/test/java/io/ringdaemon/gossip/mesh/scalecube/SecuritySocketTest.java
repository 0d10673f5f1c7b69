package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.MeshConfig.Security;
import io.ringdaemon.gossip.mesh.security.KeyRing;
import io.ringdaemon.gossip.mesh.security.Protection;
import io.ringdaemon.gossip.mesh.security.SharedKeys;
import io.ringdaemon.gossip.mesh.security.TestCertificates;
import io.ringdaemon.gossip.mesh.security.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and shared keys over real sockets: scalecube.md 8, item 10. */
@Tag("slow")
class SecuritySocketTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static TestCertificates ours;
  private static Tls tls;
  private static Protection keys;

  @BeforeAll
  static void make() throws IOException {
    ours = new TestCertificates(folder, "ours");
    tls = ours.tls("node");
    Path file = folder.resolve("keys");
    Files.writeString(file, KeyRing.generate(256, new SecureRandom()));
    keys = new SharedKeys(file);
  }

  private final List<RealNode> started = new ArrayList<>();

  @org.junit.jupiter.api.AfterEach
  void end() {
    started.forEach(RealNode::close);
  }

  @Test
  void nodesWithTlsMeetOverBothFamiliesAndSpeak() {
    assertTheyMeet(start("a", tls), "127.0.0.1");
    RealNode six = start("six", "::1", tls);
    RealNode other = start("other", "::1", tls, six.address());
    RealNode.await("by IPv6", SOON, () -> six.in(PeerState.ALIVE).contains("other"));
    assertThat(other.mesh.troubles()).isEmpty();
  }

  @Test
  void nodesWithKeysMeetAndSpeak() {
    assertTheyMeet(start("a", keys), "127.0.0.1");
  }

  private void assertTheyMeet(RealNode a, String host) {
    Protection same = a.protection;
    RealNode b = start("b", host, same, a.address());
    RealNode c = start("c", host, same, a.address());
    List<RealNode> all = List.of(a, b, c);
    RealNode.await(
        "all see all",
        SOON,
        () -> all.stream().allMatch(node -> node.in(PeerState.ALIVE).size() == 2));
    byte[] large = new byte[900_000];
    Arrays.fill(large, (byte) 'x');
    b.mesh.send(c.mesh.self().id(), "hello".getBytes(StandardCharsets.UTF_8));
    b.mesh.send(c.mesh.self().id(), large);
    RealNode.await("messages arrive", SOON, () -> c.seen.messages.size() == 2);
    assertThat(c.seen.messages.get(1)).hasSize("b: ".length() + large.length);
    assertThat(all).allSatisfy(node -> assertThat(node.mesh.troubles()).isEmpty());
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedAndBothSidesSayWhatToDo() {
    RealNode a = start("a", tls);
    RealNode b = start("b", new TestCertificates(folder, "theirs").tls("node"), a.address());
    says(b, "no connection with " + a.address() + ": TLS failed", "memberlist.tls_ca_path");
    says(a, "no connection with 127.0.0.1: ", "tls_ca_path");
    strangers(a, b, "tls", "tls");
  }

  @Test
  void aCallerWithoutACertificateIsRefused() {
    RealNode a = start("a", tls);
    Protection theirs = new TestCertificates(folder, "anon").tls("node");
    Tls anonymous =
        new Tls(
            ((Tls) theirs).certificate(),
            ((Tls) theirs).key(),
            List.of(ours.authority()),
            "",
            false,
            Tls.ClientAuth.NONE);
    RealNode b = start("b", anonymous, a.address()); // trusts a, is not trusted
    says(b, "refuses our certificate", "memberlist.tls_cert_path here must be signed by");
    strangers(a, b, "tls", "tls");
  }

  @Test
  void theNameOfTheServerIsVerifiedUnlessToldOtherwise() {
    RealNode a = start("a", tls);
    RealNode wrong = start("wrong", named("elsewhere.test", false), a.address());
    says(wrong, "TLS failed", "elsewhere.test");
    RealNode right = start("right", named("ring.test", false), a.address());
    RealNode.await("by name", SOON, () -> right.in(PeerState.ALIVE).contains("a"));
    RealNode lax = start("lax", named("elsewhere.test", true), a.address());
    RealNode.await("unverified", SOON, () -> lax.in(PeerState.ALIVE).contains("a"));
  }

  @Test
  void plainAndTlsDoNotMixAndBothSidesSayWhatToDo() {
    RealNode a = start("a", tls);
    RealNode plain = start("plain", new Protection.None(), a.address());
    says(plain, "refused us: speaks gossip with TLS only: set memberlist.tls_enabled here too");
    says(a, "no connection with 127.0.0.1: calls without TLS, here memberlist.tls_enabled is true");
    strangers(a, plain, "plaintext", "plaintext");
    RealNode b = start("b", tls, plain.address());
    says(b, plain.address() + ": answers without TLS, here memberlist.tls_enabled is true");
    says(plain, "no connection with 127.0.0.1: calls with TLS, here memberlist.tls_enabled is");
    strangers(plain, b, "encrypted", "plaintext");
  }

  @Test
  void plainAndKeysDoNotMixAndBothSidesSayWhatToDo() {
    RealNode a = start("a", keys);
    RealNode plain = start("plain", new Protection.None(), a.address());
    says(plain, "refused us: encrypts its gossip: set memberlist.encryption_keys_file here");
    says(a, "no connection with 127.0.0.1: calls without encryption");
    RealNode b = start("b", keys, plain.address());
    says(b, plain.address() + ": answers without encryption");
    says(plain, "calls encrypted with shared keys, here there are none");
    RealNode mixed = start("mixed", tls, a.address());
    says(mixed, a.address() + ": answers without TLS");
    strangers(a, mixed, "encrypted", "plaintext");
  }

  @Test
  void framesThatSomebodyInTheMiddleTouchesAreDroppedAndTheNodesMeetAllTheSame() throws Exception {
    // Of each connection frame 0 is the greeting, 1 the introduction, 2 the first real message.
    byte[][] kept = new byte[1][];
    List<Relay.Attack> attacks =
        List.of(
            (connection, number, frame, out) -> { // repeated
              out.send(frame);
              if (connection == 0 && number == 2) {
                out.send(frame);
              }
            },
            (connection, number, frame, out) -> { // left out, so that the next comes too early
              if (connection > 0 || number != 2) {
                out.send(frame);
              }
            },
            (connection, number, frame, out) -> // cut
            out.send(
                    connection == 0 && number == 2
                        ? Arrays.copyOf(frame, frame.length - 1)
                        : frame),
            (connection, number, frame, out) -> { // altered, and kept for another connection
              if (connection == 0 && number == 2) {
                kept[0] = frame.clone();
                frame[frame.length / 2] ^= 1;
              }
              out.send(connection == 1 && number == 2 ? kept[0] : frame);
            });
    RealNode a = start("a", keys);
    for (int i = 0; i < attacks.size(); i++) {
      long before = a.dropped("unauthentic");
      try (Relay relay = new Relay(a.port(), attacks.get(i))) {
        RealNode b = start("b" + i, keys, relay.address());
        RealNode.await("dropped, attack " + i, SOON, () -> a.dropped("unauthentic") > before);
        RealNode.await("they meet", SOON, () -> a.in(PeerState.ALIVE).contains(b.name()));
      }
    }
    assertThat(a.dropped("unauthentic")).isEqualTo(attacks.size() + 1L);
    assertThat(a.seen.messages).isEmpty();
  }

  @Test
  void renewedCertificatesAreUsedForNewConnectionsAndBrokenOnesAreNot() throws Exception {
    Tls renewed = ours.tls("renewed");
    RealNode a = start("a", renewed);
    start("b", tls, a.address());
    RealNode.await("they meet", SOON, () -> a.in(PeerState.ALIVE).contains("b"));
    TestCertificates next = new TestCertificates(folder, "next");
    Files.writeString(renewed.certificate(), "broken");
    assertThatThrownBy(() -> secure(a, renewed))
        .hasMessageContaining(renewed.certificate() + ": holds no certificate");
    assertThat(a.in(PeerState.ALIVE)).containsExactly("b");
    move(next.certificate("node", 30), renewed.certificate());
    move(next.key("node"), renewed.key());
    secure(a, renewed);
    assertThat(a.in(PeerState.ALIVE)).containsExactly("b"); // connections that are open go on
    RealNode late = start("late", tls, a.address()); // does not trust the new authority
    says(late, "no connection with " + a.address() + ": TLS failed");
    Tls both =
        new Tls(
            tls.certificate(),
            tls.key(),
            List.of(ours.authority(), next.authority()),
            "",
            false,
            Tls.ClientAuth.REQUIRE);
    secure(late, both);
    RealNode.await("it trusts both", SOON, () -> late.in(PeerState.ALIVE).contains("a"));
  }

  @Test
  void filesThatCannotBeUsedAtTheStartAreNamed() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken"), "#\nnot a key\n");
    RealNode node =
        new RealNode(
            MeshConfig.of("a", 1, "127.0.0.1", 0)
                .withSecurity(new Security(false, new SharedKeys(broken))));
    started.add(node);
    assertThatThrownBy(node::start).hasMessageContaining(broken + ":2: expected a key in base64");
  }

  @Test
  void aThousandIdleCallersOfATlsPortDoNoHarm() throws Exception {
    RealNode a = start("a", tls);
    start("b", tls, a.address());
    RealNode.await("they meet", SOON, () -> a.in(PeerState.ALIVE).contains("b"));
    List<java.net.Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000; i++) {
        java.net.Socket socket = new java.net.Socket(NetUtil.LOCALHOST4, a.port());
        idle.add(socket);
        socket.getOutputStream().write(new byte[] {22, 3, 1}); // begins to greet
      }
      RealNode late = start("late", tls, a.address());
      RealNode.await("it is let in", SOON, () -> late.in(PeerState.ALIVE).contains("a"));
      RealNode.await("room is made", SOON, () -> a.dropped("limit") > 0);
      RealNode.await("all are closed", SOON, () -> a.dropped("handshake_timeout") > 0);
      assertThat(a.in(PeerState.ALIVE)).contains("b", "late");
      assertThat(a.seen.ever("b", PeerState.DEAD)).isFalse();
    } finally {
      for (java.net.Socket socket : idle) {
        socket.close();
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void secure(RealNode node, Protection protection) throws Exception {
    node.mesh
        .secure("", new Security(false, protection))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static Tls named(String server, boolean lax) {
    return new Tls(
        tls.certificate(), tls.key(), tls.authorities(), server, lax, Tls.ClientAuth.REQUIRE);
  }

  private RealNode start(String name, Protection protection, String... seeds) {
    return start(name, "127.0.0.1", protection, seeds);
  }

  private RealNode start(String name, String host, Protection protection, String... seeds) {
    RealNode node =
        new RealNode(
            MeshConfig.of(name, System.nanoTime() / 1_000, host, 0)
                .withSeeds(List.of(seeds))
                .withSecurity(new Security(false, protection)));
    started.add(node);
    return node.start();
  }

  private static void says(RealNode node, String... words) {
    try {
      RealNode.await(
          "it says why", SOON, () -> List.of(words).stream().allMatch(said(node)::contains));
    } catch (AssertionError never) {
      throw new AssertionError("expected " + List.of(words) + ", it says " + said(node), never);
    }
  }

  private static String said(RealNode node) {
    return String.join("\n", node.mesh.troubles());
  }

  private static void strangers(RealNode one, RealNode other, String reason, String otherReason) {
    assertThat(one.in(PeerState.ALIVE)).doesNotContain(other.name());
    assertThat(other.in(PeerState.ALIVE)).doesNotContain(one.name());
    assertThat(one.dropped(reason)).isPositive();
    assertThat(other.dropped(otherReason)).isPositive();
  }
}
