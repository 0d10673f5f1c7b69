package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import io.ringdaemon.gossip.mesh.security.Fault;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Hello;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A node under a rain of broken frames still pings, gossips and answers (scalecube.md 8.7). */
class MutatedFramesTest {
  private static final int FRAMES = 100_000;

  @Test
  void aHundredThousandMutatedFramesAreCountedAndTheNodeLivesOn() {
    try (VirtualCluster cluster = new VirtualCluster(5)) {
      Node target = cluster.start("n1");
      cluster.start("n2", VirtualCluster.address("n1"));
      cluster.untilConverged(Duration.ofSeconds(5));
      Attacker attacker = new Attacker(cluster, target);
      cluster.time.runUntil(Duration.ofMinutes(30), () -> attacker.sent >= FRAMES);
      attacker.stopped = true;
      cluster.time.runFor(Duration.ofSeconds(30));
      long malformed =
          target
              .metrics
              .counter("ring_daemon_mesh_dropped_frames_total", "", "reason", "malformed")
              .sum();
      long failures = target.metrics.counter("ring_daemon_mesh_failures_total", "").sum();
      assertThat(malformed).isGreaterThan(FRAMES / 4);
      assertThat(failures).isZero();
      // It gossips, pings and answers: a newcomer is found by all, and its crash is seen.
      PeerId newcomer = cluster.start("n3", VirtualCluster.address("n2")).id();
      cluster.untilConverged(Duration.ofSeconds(20));
      List<Boolean> answers = new ArrayList<>();
      cluster
          .nodes
          .get("n2")
          .mesh
          .probe(target.id(), Duration.ofMillis(400))
          .thenAccept(answers::add);
      cluster.time.runFor(Duration.ofSeconds(1));
      assertThat(answers).containsExactly(true);
      cluster.crash("n3");
      cluster.time.runUntil(Duration.ofSeconds(10), () -> target.of(newcomer) == PeerState.DEAD);
      cluster.untilConverged(Duration.ofSeconds(10));
    }
  }

  /** Introduces itself properly, then sends what is nearly right, from ever new connections. */
  private static final class Attacker implements Wire.PipeListener {
    private final MemoryNetwork.MemoryWire wire;
    private final VirtualCluster cluster;
    private final Node target;
    private final SplittableRandom chance = new SplittableRandom(3);
    private final List<byte[]> samples;
    private final Hello hello =
        Hello.newBuilder()
            .setWireVersion(1)
            .setOldestWireVersion(1)
            .setName("attacker")
            .setLife(1)
            .setMemberId("attacker-id")
            .setAddress(Samples.SENDER)
            .build();
    private Wire.Pipe pipe;
    private int sent;
    private boolean stopped;

    private Attacker(VirtualCluster cluster, Node target) {
      this.cluster = cluster;
      this.target = target;
      wire = cluster.network.wire(cluster.time.node());
      samples =
          Samples.everyKind().stream()
              .map(swim -> Frame.newBuilder().setSwim(swim).build().toByteArray())
              .toList();
      dial();
    }

    private void dial() {
      if (!stopped) {
        Address to = Address.canonical(target.mesh.self().address()).orElseThrow();
        wire.dial(to, Duration.ofSeconds(1), this::connected, why -> dial());
      }
    }

    private Wire.PipeListener connected(Wire.Pipe connected) {
      pipe = connected;
      pipe.send(Frame.newBuilder().setHello(hello).build().toByteArray(), Wire.Delivery.IGNORED);
      cluster.time.after(Duration.ofMillis(1), () -> fire(connected));
      return this;
    }

    private void fire(Wire.Pipe on) {
      if (on != pipe || stopped) {
        return;
      }
      byte[] bytes = samples.get(sent % samples.size());
      on.send(SwimCodecTest.mutated(bytes, chance), Wire.Delivery.IGNORED);
      sent++;
      cluster.time.after(Duration.ofMillis(1), () -> fire(on));
    }

    @Override
    public void frame(byte[] frame) {
      try {
        assertThat(Frame.parseFrom(frame).hasRefusal()).isFalse();
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void broken(Fault fault) {}

    @Override
    public void closed() {
      dial();
    }
  }
}
