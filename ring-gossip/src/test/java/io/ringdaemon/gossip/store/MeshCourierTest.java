package io.ringdaemon.gossip.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.SimulatedMesh;
import io.ringdaemon.gossip.replica.Message.Direct;
import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeshCourierTest {
  private final VirtualTime time = new VirtualTime(1);
  private final SimulatedMesh mesh = new SimulatedMesh(time, 1);
  private final Counters counters = new Counters();
  private final VirtualTime.Node a = time.node();
  private final VirtualTime.Node b = time.node();
  private final Mesh meshOfA = mesh.join("a", a);
  private final Mesh meshOfB = mesh.join("b", b);
  private final GossipKvStore storeOfA = store(a, meshOfA);
  private final GossipKvStore storeOfB = store(b, meshOfB);
  private final List<String> heard = new ArrayList<>();

  private GossipKvStore store(VirtualTime.Node node, Mesh end) {
    return new GossipKvStore(
        node.world(), end, GossipConfig.DEFAULTS, List.of(RingCodec.INSTANCE), counters);
  }

  @BeforeEach
  void twoNodesThatHaveMet() {
    a.execute(storeOfA::start);
    b.execute(storeOfB::start);
    hear(b, storeOfB);
    hear(a, storeOfA);
    time.runFor(Duration.ofSeconds(2));
  }

  private void hear(VirtualTime.Node node, GossipKvStore store) {
    node.execute(
        () ->
            store
                .courier()
                .receive(
                    "t", (name, life, body) -> heard.add(name + " " + new String(body, UTF_8))));
  }

  private void send(Mesh to, String topic, String text) {
    a.execute(
        () ->
            storeOfA
                .courier()
                .send(to.self().id().name(), to.self().id().life(), topic, text.getBytes(UTF_8)));
    time.runFor(Duration.ofSeconds(1));
  }

  @Test
  void aMessageArrivesWithItsSenderAndOneToOneselfToo() {
    send(meshOfB, "t", "hello");
    send(meshOfA, "t", "myself");
    assertThat(heard).containsExactly("a hello", "a myself");
  }

  @Test
  void aTopicThatNobodyHearsIsDroppedAndCounted() {
    send(meshOfB, "other", "hello");
    assertThat(heard).isEmpty();
    assertThat(counters.of("ring_daemon_gossip_direct_dropped_total,reason,no_receiver"))
        .isEqualTo(1);
  }

  @Test
  void whoIsOutOfReachGetsNothingAndItIsCounted() {
    b.kill();
    meshOfB.stop();
    time.runFor(Duration.ofSeconds(10));
    send(meshOfB, "t", "hello");
    assertThat(counters.of("ring_daemon_gossip_direct_dropped_total,reason,unreachable"))
        .isEqualTo(1);
  }

  @Test
  void whatIsTooLargeIsRefusedAtOnceAndATopicHasOneReceiver() {
    a.execute(
        () -> {
          assertThatThrownBy(
                  () -> storeOfA.courier().send("b", 0, "t", new byte[Direct.LARGEST_BODY + 1]))
              .hasMessageContaining("at most 262144 bytes");
          assertThatThrownBy(() -> storeOfA.courier().receive("t", (name, life, body) -> {}))
              .hasMessageContaining("already");
          heard.add("checked");
        });
    time.runFor(Duration.ofSeconds(1));
    assertThat(heard).containsExactly("checked");
  }

  /** Counters by name and labels. */
  private static final class Counters implements Metrics {
    private final Map<String, LongAdder> counters = new TreeMap<>();

    long of(String name) {
      return counters.get(name).sum();
    }

    @Override
    public LongAdder counter(String name, String help, String... labels) {
      return counters.computeIfAbsent(
          name + "," + String.join(",", labels), any -> new LongAdder());
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {}

    @Override
    public Latency latency(String name, String help, String... labels) {
      return new Latency();
    }
  }
}
