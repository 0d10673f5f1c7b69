package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import io.ringdaemon.gossip.mesh.MeshException;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The mesh over real sockets and real time: few, and each for one promise. */
@Tag("slow")
class ScalecubeMeshSocketTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void threeNodesFindEachOtherAndSeeACrash() {
    try (RealNode a = RealNode.named("a");
        RealNode b = RealNode.named("b", a.address());
        RealNode c = RealNode.named("c", a.address())) {
      List<RealNode> all = List.of(a, b, c);
      Duration converged =
          RealNode.await(
              "all see all",
              SOON,
              () -> all.stream().allMatch(node -> node.in(PeerState.ALIVE).size() == 2));
      c.mesh.stop().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
      Duration suspected =
          RealNode.await(
              "c is suspect",
              SOON,
              () -> a.seen.ever("c", PeerState.SUSPECT) && b.seen.ever("c", PeerState.SUSPECT));
      Duration dead =
          RealNode.await(
              "c is dead",
              SOON,
              () ->
                  a.in(PeerState.DEAD).equals(Set.of("c"))
                      && b.in(PeerState.DEAD).equals(Set.of("c")));
      System.out.println(
          "real sockets, 3 nodes: converged "
              + converged
              + ", suspect "
              + suspected
              + ", dead "
              + suspected.plus(dead));
      assertThat(a.in(PeerState.ALIVE)).containsExactly("b");
      assertThat(b.in(PeerState.ALIVE)).containsExactly("a");
    }
  }

  @Test
  void twentyNodesStartedAtOnceConverge() {
    List<RealNode> all = new ArrayList<>();
    try {
      all.add(RealNode.named("n0"));
      long began = System.nanoTime();
      for (int i = 1; i < 20; i++) {
        all.add(RealNode.named("n" + i, all.get(0).address()));
      }
      RealNode.await(
          "all see all",
          Duration.ofSeconds(60),
          () -> all.stream().allMatch(node -> node.in(PeerState.ALIVE).size() == 19));
      System.out.println(
          "real sockets, 20 nodes: converged " + Duration.ofNanos(System.nanoTime() - began));
      all.remove(19).close();
      Duration dead =
          RealNode.await(
              "n19 is dead",
              Duration.ofSeconds(20),
              () -> all.stream().allMatch(node -> node.in(PeerState.DEAD).contains("n19")));
      System.out.println("real sockets, 20 nodes: dead " + dead);
      assertThat(all).allSatisfy(node -> assertThat(node.in(PeerState.ALIVE)).hasSize(18));
    } finally {
      all.forEach(RealNode::close);
    }
  }

  @Test
  void messagesArriveAndProbesAreAnswered() {
    try (RealNode a = RealNode.named("a");
        RealNode b = RealNode.named("b", a.address())) {
      RealNode.await("they meet", SOON, () -> a.in(PeerState.ALIVE).contains("b"));
      RealNode.await("they meet", SOON, () -> b.in(PeerState.ALIVE).contains("a"));
      b.mesh.send(a.mesh.self().id(), "hello".getBytes(StandardCharsets.UTF_8));
      RealNode.await("the message arrives", SOON, () -> a.seen.messages.contains("b: hello"));
      assertThat(probe(b, a)).isTrue();
      a.mesh.stop().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
      assertThat(probe(b, a)).isFalse();
    }
  }

  @Test
  void nodesMeetOverIpv6AndByHostName() {
    try (RealNode a = new RealNode(MeshConfig.of("a", 1, "::1", 0)).start();
        RealNode b =
            new RealNode(
                    MeshConfig.of("b", 2, "::1", 0)
                        .withSeeds(List.of("[0:0:0:0:0:0:0:1]:" + a.port())))
                .start();
        RealNode c = RealNode.named("c");
        RealNode d = RealNode.named("d", "localhost:" + c.port())) {
      assertThat(a.address()).isEqualTo("[::1]:" + a.port());
      RealNode.await("by IPv6", SOON, () -> b.in(PeerState.ALIVE).contains("a"));
      RealNode.await("by name", SOON, () -> d.in(PeerState.ALIVE).contains("c"));
      assertThat(b.peer("a").address()).isEqualTo(a.address());
      assertThat(d.peer("c").address()).isEqualTo(c.address());
    }
  }

  @Test
  void listeningEverywhereAnAddressIsAdvertisedThatPeersReach() {
    try (RealNode a = RealNode.named("a");
        RealNode b =
            new RealNode(
                    MeshConfig.of("b", 2, "0.0.0.0", 0)
                        .withSeeds(List.of(a.address()))
                        .withAbout("", "0.0.0.0:80", ""))
                .start()) {
      RealNode.await("they meet", SOON, () -> a.in(PeerState.ALIVE).contains("b"));
      RealNode.await("they meet", SOON, () -> b.in(PeerState.ALIVE).contains("a"));
      assertThat(b.address()).doesNotStartWith("0.0.0.0");
      assertThat(a.peer("b").address()).isEqualTo(b.address());
      String host = Address.written(b.address()).orElseThrow().host();
      assertThat(a.peer("b").httpAddress()).isEqualTo(host + ":80");
    }
  }

  @Test
  void withoutAnAddressToAdvertiseTheStartSaysWhatToDo() {
    HostNetwork none =
        new HostNetwork() {
          @Override
          public Optional<InetAddress> towards(InetAddress to) {
            return Optional.empty();
          }

          @Override
          public List<Place> places() {
            return List.of();
          }
        };
    try (TestLoop loop = new TestLoop()) {
      ScalecubeMesh mesh =
          new ScalecubeMesh(
              MeshConfig.of("a", 1, "0.0.0.0", 0),
              loop.world(1),
              Metrics.unseen(),
              PeerMemory.NONE,
              new NettyWire(),
              none);
      assertThatThrownBy(
              () -> mesh.start(new Seen()).toCompletableFuture().get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("0.0.0.0")
          .hasMessageContaining("memberlist.advertise_addr");
      mesh.stop().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void goodbyeIsHeardAtOnce() {
    try (RealNode a = RealNode.named("a");
        RealNode b = RealNode.named("b", a.address())) {
      RealNode.await("they meet", SOON, () -> a.in(PeerState.ALIVE).contains("b"));
      RealNode.await("they meet", SOON, () -> b.in(PeerState.ALIVE).contains("a"));
      b.mesh.leave().toCompletableFuture().orTimeout(2, TimeUnit.SECONDS).join();
      RealNode.await("b left", Duration.ofSeconds(1), () -> a.in(PeerState.LEFT).contains("b"));
      assertThat(a.seen.ever("b", PeerState.DEAD)).isFalse();
    }
  }

  @Test
  void differentLabelsRefuseEachOtherAndBothSaySo() {
    try (RealNode a =
            new RealNode(MeshConfig.of("a", 1, "127.0.0.1", 0).withClusterLabel("red")).start();
        RealNode b =
            new RealNode(
                    MeshConfig.of("b", 2, "127.0.0.1", 0)
                        .withClusterLabel("blue")
                        .withSeeds(List.of(a.address())))
                .start()) {
      RealNode.await("b says why", SOON, () -> b.mesh.troubles().toString().contains("\"red\""));
      RealNode.await("a says why", SOON, () -> a.mesh.troubles().toString().contains("\"blue\""));
      assertThat(b.mesh.troubles().toString()).contains("no seed answers", a.address(), "refused");
      assertThat(a.mesh.peers()).isEmpty();
      assertThat(b.mesh.peers()).isEmpty();
      assertThat(a.dropped("label")).isPositive();
      assertThat(b.dropped("label")).isPositive();
    }
  }

  @Test
  void garbageIsCountedAndItsConnectionClosedWhileTheNodeLivesOn() throws IOException {
    SplittableRandom chance = new SplittableRandom(7);
    try (RealNode a = RealNode.named("a");
        RealNode b = RealNode.named("b", a.address())) {
      RealNode.await("they meet", SOON, () -> a.in(PeerState.ALIVE).contains("b"));
      for (int i = 0; i < 20; i++) {
        byte[] garbage = new byte[104];
        chance.nextBytes(garbage);
        garbage[0] = (byte) (i % 2 == 0 ? 0x7f : 0); // a length beyond the cap, and one within it
        garbage[1] = 0;
        garbage[2] = 0;
        garbage[3] = 100;
        assertThat(closedAfter(a.port(), garbage)).isTrue();
      }
      RealNode.await("oversized counted", SOON, () -> a.dropped("oversized") == 10);
      RealNode.await("malformed counted", SOON, () -> a.dropped("malformed") == 10);
      assertThat(a.in(PeerState.ALIVE)).containsExactly("b");
      b.mesh.send(a.mesh.self().id(), "still there".getBytes(StandardCharsets.UTF_8));
      RealNode.await("messages arrive", SOON, () -> !a.seen.messages.isEmpty());
      assertThat(probe(b, a)).isTrue();
    }
  }

  @Test
  void idleCallersAreClosedAfterTheHandshakeTimeout() throws IOException {
    try (RealNode a = RealNode.named("a")) {
      assertThat(closedAfter(a.port(), new byte[0])).isTrue();
      RealNode.await("counted", SOON, () -> a.dropped("handshake_timeout") == 1);
    }
  }

  @Test
  void aPortInUseIsReportedWithTheAddressAndWhatToDo() {
    try (RealNode a = RealNode.named("a")) {
      RealNode second = new RealNode(MeshConfig.of("b", 2, "127.0.0.1", a.port()));
      assertThatThrownBy(second::start)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("127.0.0.1:" + a.port())
          .hasMessageContaining("stop the process");
      second.close();
    }
  }

  @Test
  void aNodeAloneStartsAtOnceThoughItsSeedsAreUnreachable() {
    RealNode.named("warm-up").close(); // classes are loaded
    long began = System.nanoTime();
    try (RealNode a = RealNode.named("a", "127.0.0.1:1")) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(took).isLessThan(Duration.ofMillis(300));
      RealNode.await(
          "it says why it is alone",
          SOON,
          () -> a.mesh.troubles().toString().contains("127.0.0.1:1 (connection refused)"));
    }
  }

  @Test
  void stoppingFreesThePortForTheNextLife() {
    try (RealNode a = RealNode.named("a")) {
      int port = a.port();
      a.mesh.stop().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
      a.mesh.stop().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
      try (RealNode next = new RealNode(MeshConfig.of("a", 2, "127.0.0.1", port)).start()) {
        assertThat(next.port()).isEqualTo(port);
      }
    }
  }

  private static boolean probe(RealNode from, RealNode to) {
    return from.mesh
        .probe(to.mesh.self().id(), Duration.ofMillis(400))
        .toCompletableFuture()
        .orTimeout(5, TimeUnit.SECONDS)
        .join();
  }

  private static boolean closedAfter(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(NetUtil.LOCALHOST4, port)) {
      socket.setSoTimeout(5_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      InputStream in = socket.getInputStream();
      try {
        return in.read() < 0;
      } catch (java.net.SocketException e) {
        return true; // a reset closes it, too
      }
    }
  }
}
