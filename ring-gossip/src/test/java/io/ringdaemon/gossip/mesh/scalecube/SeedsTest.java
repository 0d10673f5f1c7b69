package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers are found whichever way a seed is written, and again when the name service changes. */
class SeedsTest {
  private static final String SEED = VirtualCluster.address("n1");
  private static final String SERVICE = "_ring._tcp.example";

  private final VirtualCluster cluster = new VirtualCluster(4);

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void seedsAreReadAsWritten() {
    assertThat(Seed.parse("host:1")).contains(new Seed(Seed.Kind.HOST, "host", 1));
    assertThat(Seed.parse("[::1]:7946")).contains(new Seed(Seed.Kind.HOST, "::1", 7946));
    assertThat(Seed.parse("dns+a.b:1")).contains(new Seed(Seed.Kind.DNS, "a.b", 1));
    assertThat(Seed.parse("dnssrv+" + SERVICE)).contains(new Seed(Seed.Kind.SERVICE, SERVICE, 0));
    assertThat(Seed.parse("dnssrvnoa+" + SERVICE + ":9"))
        .contains(new Seed(Seed.Kind.SERVICE_TARGETS, SERVICE, 9));
    for (String bad : new String[] {"", "host", "dns+host", "dns+:1", "dnssrv+", "srv+a:1", ":1"}) {
      assertThat(Seed.parse(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void everyKindOfSeedFindsThePeer() {
    cluster.network.name("one.example", "10.0.0.1");
    cluster.network.service(
        SERVICE, new Names.Target("one.example.", 7946), new Names.Target("gone.example.", 7946));
    cluster.network.service("_literal._tcp.example", new Names.Target("10.0.0.1.", 1));
    cluster.start("n1");
    cluster.start("n2", "one.example:7946");
    cluster.start("n3", "dns+one.example:7946");
    cluster.start("n4", "dnssrv+" + SERVICE);
    cluster.start("n5", "dnssrvnoa+" + SERVICE);
    cluster.start("n6", "dnssrvnoa+_literal._tcp.example:7946");
    cluster.untilConverged(Duration.ofSeconds(10));
  }

  @Test
  void aNameThatComesToMeanSomethingIsFoundLater() {
    Node alone = cluster.start("n2", "dns+ring.example:7946");
    cluster.start("n1");
    cluster.time.runFor(Duration.ofSeconds(10));
    assertThat(alone.mesh.troubles())
        .containsExactly(
            "no seed answers: tried dns+ring.example:7946 (no such name); working alone, retrying"
                + " every 5 s");
    cluster.network.name("ring.example", "10.0.0.1");
    cluster.untilConverged(Duration.ofSeconds(6));
  }

  @Test
  void ofAThousandAddressesAFewAreTriedAtATime() {
    cluster.network.name(
        "ring.example",
        IntStream.range(0, 1_000)
            .mapToObj(i -> "10.1." + i / 250 + "." + (1 + i % 250))
            .toArray(String[]::new));
    Node alone = cluster.start("n1", "dns+ring.example:7946");
    cluster.time.runFor(Duration.ofSeconds(1));
    assertThat(cluster.network.dialed()).hasSizeBetween(10, 20);
    cluster.time.runFor(Duration.ofMinutes(1));
    assertThat(cluster.network.dialed()).hasSizeBetween(40, 80);
    assertThat(alone.mesh.peers()).isEmpty();
  }

  @Test
  void healthyHalvesThatShareANameMeetAgain() {
    cluster.network.name(
        "ring.example",
        IntStream.rangeClosed(1, 6).mapToObj(i -> "10.0.0." + i).toArray(String[]::new));
    for (int i = 1; i <= 6; i++) {
      cluster.start("n" + i, "dns+ring.example:7946");
    }
    cluster.untilConverged(Duration.ofSeconds(10));
    cluster.network.cut(
        (from, to) -> from.compareTo("10.0.0.4") < 0 != to.compareTo("10.0.0.4") < 0);
    cluster.time.runFor(Duration.ofMinutes(3));
    assertThat(cluster.nodes.get("n1").in(PeerState.ALIVE)).hasSize(2);
    cluster.network.cut((from, to) -> false);
    cluster.untilConverged(Duration.ofMinutes(2));
  }

  @Test
  void whatTheNameServiceCanNoLongerSayKeepsItsLastAnswer() {
    Node node = cluster.start("n2", "n9.example:7946");
    Resolver resolver = new Resolver(node.loop.world(), node.wire);
    AtomicReference<Map<String, Resolver.Found>> found = new AtomicReference<>(Map.of());
    Runnable ask =
        () ->
            node.loop.execute(() -> resolver.resolve(List.of("dns+one:1")).thenAccept(found::set));
    cluster.network.name("one", "10.0.0.1");
    ask.run();
    cluster.time.runFor(Duration.ofSeconds(1));
    cluster.network.forget("one");
    ask.run();
    cluster.time.runFor(Duration.ofSeconds(1));
    assertThat(found.get())
        .containsExactly(
            Map.entry("dns+one:1", new Resolver.Found(Set.of("10.0.0.1:1"), "no such name")));
    cluster.network.name("one", "10.0.0.2");
    ask.run();
    cluster.time.runFor(Duration.ofSeconds(1));
    assertThat(found.get().get("dns+one:1").addresses()).containsExactly("10.0.0.2:1");
  }

  @Test
  void aSlowNameHoldsUpNoOtherSeed() {
    cluster.network.slow("slow.example", Duration.ofSeconds(8));
    cluster.network.name("slow.example", "10.0.0.9");
    cluster.start("n1");
    cluster.start("n2", "dns+slow.example:7946", SEED);
    cluster.untilConverged(Duration.ofMillis(1_500));
  }
}
