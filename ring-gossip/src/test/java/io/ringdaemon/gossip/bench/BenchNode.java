package io.ringdaemon.gossip.bench;

import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.scalecube.MeshConfig;
import io.ringdaemon.gossip.mesh.scalecube.PeerMemory;
import io.ringdaemon.gossip.mesh.scalecube.ScalecubeMesh;
import io.ringdaemon.gossip.mesh.scalecube.TestLoop;
import io.ringdaemon.gossip.sim.Disk;
import io.ringdaemon.gossip.store.GossipConfig;
import io.ringdaemon.gossip.store.GossipKvStore;
import io.ringdaemon.kv.Key;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.member.AutoForget;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.member.RingMember.ElectionRules;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A whole node but for its pages: mesh on loopback, store, lifecycle and election. */
final class BenchNode implements AutoCloseable {
  static final Key<RingDesc> RING = new Key<>("collectors/bench", RingCodec.INSTANCE);

  final String name;
  final TestLoop loop = new TestLoop();
  private final ScalecubeMesh mesh;
  private final GossipKvStore store;
  private final RingMember member;

  /** Starts it; completes when it is bound. */
  BenchNode(String name, int tokens, List<String> seeds, Metrics metrics) {
    this.name = name;
    World world = loop.world(System.nanoTime());
    MeshConfig config =
        MeshConfig.of(name, world.now().toEpochMilli(), "127.0.0.1", 0).withSeeds(seeds);
    mesh = new ScalecubeMesh(config, world, metrics, PeerMemory.NONE);
    store =
        new GossipKvStore(
            world,
            mesh,
            GossipConfig.DEFAULTS,
            List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE),
            metrics);
    LifecyclerConfig lifecycle =
        new LifecyclerConfig(
            name,
            name + ":80",
            "",
            new Origin(name, config.life(), ""),
            tokens,
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            Duration.ofSeconds(2),
            true);
    Disk disk = new Disk();
    member =
        new RingMember(
            new RingMember.Config(
                new RingOptions("bench", 3, false, Duration.ofMinutes(1)),
                RING.name(),
                name,
                Optional.of(lifecycle),
                Optional.of(ElectionRules.DEFAULTS),
                new AutoForget(false, Duration.ofMinutes(10), false)),
            new RingMember.Surroundings(
                world,
                store,
                store.liveness(),
                disk.tokenStore(),
                disk.epochStore(),
                (node, life, timeout) -> mesh.probe(new PeerId(node, life), timeout),
                store.courier(),
                null,
                metrics,
                event -> {}));
    loop.execute(
        () -> {
          store.listenToPeers(peer -> member.refresh());
          store.start().thenRun(member::start);
        });
  }

  String address() throws InterruptedException {
    while (mesh.self().address().endsWith(":0")) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return mesh.self().address();
  }

  /** Whether it sees {@code count} instances, all well and ACTIVE, their nodes, and a leader. */
  boolean complete(int count) {
    return mesh.peers().stream().filter(peer -> peer.state() == PeerState.ALIVE).count()
            == count - 1
        && member.ring().instances().size() == count
        && member.ring().instances().stream()
            .allMatch(one -> one.state() == InstanceState.ACTIVE && one.health().well())
        && member.leadership().orElseThrow().leaderAt(loop.nanoTime()).isPresent();
  }

  /** Calls {@code watcher} on this node's loop whenever the ring changes here. */
  void watch(Consumer<RingDesc> watcher) {
    loop.execute(() -> store.watch(RING, watcher));
  }

  /** Changes its entry and tells the others. */
  void readOnly(boolean on) {
    member.lifecycler().orElseThrow().readOnly(on);
  }

  InstanceDesc entry() {
    return member.ring().instance(name).orElseThrow().desc();
  }

  @Override
  public void close() {
    mesh.stop().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    loop.close();
  }
}
