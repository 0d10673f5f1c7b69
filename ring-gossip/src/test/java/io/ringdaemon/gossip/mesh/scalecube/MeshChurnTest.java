package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.scalecube.VirtualCluster.Node;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Hello;
import io.ringdaemon.proto.Refusal;
import io.ringdaemon.proto.SwimMember;
import io.ringdaemon.proto.SwimPing;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.time.World;
import io.scalecube.cluster.fdetector.FailureDetectorImpl;
import io.scalecube.cluster.fdetector.PingDoor;
import io.scalecube.cluster.membership.MembershipDoor;
import io.scalecube.cluster.transport.api.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many members that come and go, and requests that never end (reference/scalecube.md 8.8, 8.9). */
class MeshChurnTest {
  private static final String SEED = VirtualCluster.address("n1");

  private final VirtualCluster cluster = new VirtualCluster(13);

  @AfterEach
  void end() {
    cluster.close();
  }

  @Test
  void snapshotsStayConsistentFromAnyThreadWhileFiftyMembersChurn() throws InterruptedException {
    Node observer = cluster.start("n1");
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<String> fault = new AtomicReference<>("");
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread reader =
          new Thread(
              () -> {
                while (!stop.get()) {
                  fault.compareAndSet("", inconsistency(observer.mesh.peers()));
                  LockSupport.parkNanos(100_000);
                }
              });
      reader.start();
      readers.add(reader);
    }
    for (int i = 2; i <= 51; i++) {
      cluster.start("n" + i, SEED);
      cluster.time.runFor(Duration.ofMillis(20));
    }
    for (int i = 2; i <= 51; i++) {
      if (i % 3 == 0) {
        cluster.leave("n" + i);
      } else {
        cluster.crash("n" + i);
      }
      cluster.time.runFor(Duration.ofMillis(20));
    }
    // The one that is left has to ask each of them by itself, one each 500 ms.
    cluster.time.runUntil(
        Duration.ofSeconds(60),
        () -> observer.mesh.peers().stream().noneMatch(peer -> peer.state().reachable()));
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(fault.get()).isEmpty();
    assertThat(observer.mesh.peers()).hasSize(50);
    assertThat(observer.metrics.counter("ring_daemon_mesh_failures_total", "").sum()).isZero();
  }

  private static String inconsistency(List<Peer> peers) {
    Set<String> names = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    PeerId before = null;
    for (Peer peer : peers) {
      if (before != null && before.compareTo(peer.id()) >= 0) {
        return "not in order: " + before + ", " + peer.id();
      }
      before = peer.id();
      if (peer.state().reachable()
          && (!names.add(peer.id().name()) || !addresses.add(peer.address()))) {
        return "twins: " + peers;
      }
    }
    return "";
  }

  @Test
  void tenThousandsOfDeadRequestsLeaveNoWaiter() {
    cluster.start("n1");
    cluster.time.runFor(Duration.ofSeconds(1));
    Lone lone = new Lone(cluster);
    List<Message> answers = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    int dead = 3 * Waiters.MOST;
    for (int i = 0; i < dead; i++) {
      boolean cancelled = i % 2 == 0; // the others fail, as nobody listens there
      var waiting =
          lone.transport
              .requestResponse(cancelled ? SEED : "10.0.0.99:7946", lone.ping("dead-" + i))
              .subscribe(answers::add, failures::add);
      if (i % 100 == 99) {
        cluster.time.runFor(Duration.ofMillis(10));
      }
      if (cancelled) {
        waiting.dispose();
      }
    }
    cluster.time.runFor(Duration.ofSeconds(5));
    assertThat(failures).hasSize(dead / 2);
    answers.clear();
    lone.transport.requestResponse(SEED, lone.ping("last")).subscribe(answers::add, failures::add);
    cluster.time.runFor(Duration.ofSeconds(1));
    assertThat(failures).hasSize(dead / 2); // had the others stayed it would be one too many
    assertThat(answers).hasSize(1);
  }

  /** A node's transport that no scalecube uses. */
  private static final class Lone implements Links.Events {
    private final MeshConfig config = MeshConfig.of("lone", 1, "10.0.0.200", 7946);
    private final SwimMember self = Samples.member("n200");
    private final MeshTransport transport;

    private Lone(VirtualCluster cluster) {
      VirtualTime.Node node = cluster.time.node();
      World world = node.world();
      Wire wire = cluster.network.wire(node);
      PeerTable peers = new PeerTable(world, new PeerId("lone", 1), change -> {});
      MeshMetrics metrics = new MeshMetrics(Metrics.unseen(), List::of);
      Links links = new Links(world, wire, metrics, this);
      transport =
          new MeshTransport(
              new Heart.Parts(
                  world,
                  config,
                  self.getId(),
                  links,
                  metrics,
                  new RecordWatch(peers, self.getId()),
                  peers,
                  new Guard("lone", wire, metrics)),
              new Patience(world, wire, config.timing(), Duration.ofHours(1), metrics.spared),
              new Vitals(world, config.timing()),
              0);
      wire.bind("10.0.0.200", 7946, links::accepted);
      transport.introduce(MembershipDoor.readMember(self));
      links.introduce(
          Handshake.hello(
              config, self.getId(), Address.canonical(self.getAddress()).orElseThrow()));
    }

    private Message ping(String correlation) {
      SwimPing ping = SwimPing.newBuilder().setFrom(self).setTo(Samples.member("n1")).build();
      return Message.withData(PingDoor.read(ping))
          .qualifier(FailureDetectorImpl.PING)
          .correlationId(correlation)
          .sender(self.getAddress())
          .build();
    }

    @Override
    public void frame(Link link, Hello peer, Frame frame) {
      if (!frame.hasSwim()) {
        return; // a question of the dial-back
      }
      try {
        transport.received(frame.getSwim());
      } catch (SwimCheck.Malformed e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void opened(Link link, Hello peer) {}

    @Override
    public void broke(String address) {}

    @Override
    public void unreachable(String address, String why) {}

    @Override
    public void refused(String address, String how, Refusal refusal) {}

    @Override
    public void ourselves(String address) {}
  }
}
