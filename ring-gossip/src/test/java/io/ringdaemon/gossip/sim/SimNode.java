package io.ringdaemon.gossip.sim;

import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.store.GossipKvStore;
import io.ringdaemon.kv.Key;
import io.ringdaemon.lifecycle.Lifecycler;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.lifecycle.Phase;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One life of a node with its part in the ring: a real store, lifecycler and election over the
 * simulated mesh. The faults that befall one node are methods here; those of the network are {@link
 * SimulatedMesh}'s.
 */
public final class SimNode {
  static final Key<RingDesc> RING = new Key<>("collectors/default", RingCodec.INSTANCE);
  static final Key<LeaderRecord> LEADER =
      new Key<>("collectors/default/leader", LeaderRecordCodec.INSTANCE);

  private final Simulation sim;
  private final String name;
  private final Disk disk;
  private final VirtualTime.Node loop;
  private final Mesh mesh;
  private final Gauges gauges = new Gauges();
  private final GossipKvStore store;
  private final long diedWithEpoch;
  private final Optional<Tokens> diedWithTokens;
  private RingMember member;
  private boolean left;
  private boolean leaving;
  final Invariants.Memory memory = new Invariants.Memory();

  SimNode(Simulation sim, String name, Disk disk, Duration skew, Set<String> seeds) {
    this.sim = sim;
    this.name = name;
    this.disk = disk;
    diedWithEpoch = disk.epoch().orElse(0);
    diedWithTokens = disk.tokens();
    loop = sim.time().node();
    loop.skew(skew);
    mesh = sim.mesh().join(name, loop, seeds);
    store =
        new GossipKvStore(
            loop.world(),
            mesh,
            sim.config().gossip(),
            List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE),
            gauges);
  }

  void begin() {
    loop.enter(
        () -> {
          member = new RingMember(memberConfig(), surroundings());
          store.listenToPeers(peer -> member.refresh());
          store.start().thenRun(member::start);
        });
  }

  private RingMember.Config memberConfig() {
    SimConfig config = sim.config();
    LifecyclerConfig lifecycle =
        new LifecyclerConfig(
            name,
            name + ":80",
            "",
            new Origin(name, mesh.self().id().life(), ""),
            config.tokens(),
            Duration.ofSeconds(1),
            config.heartbeatPeriod(),
            Duration.ofSeconds(2),
            true);
    return new RingMember.Config(
        config.options(),
        RING.name(),
        name,
        Optional.of(lifecycle),
        Optional.of(config.election()),
        config.autoForget());
  }

  private RingMember.Surroundings surroundings() {
    return new RingMember.Surroundings(
        loop.world(),
        store,
        store.liveness(),
        disk.tokenStore(),
        disk.epochStore(),
        (node, life, timeout) -> mesh.probe(new PeerId(node, life), timeout),
        store.courier(),
        null,
        gauges,
        event -> {});
  }

  public String name() {
    return name;
  }

  public VirtualTime.Node loop() {
    return loop;
  }

  public Disk disk() {
    return disk;
  }

  public Gauges gauges() {
    return gauges;
  }

  public GossipKvStore store() {
    return store;
  }

  public RingMember member() {
    return member;
  }

  /** Neither killed nor gone; it may be frozen, or leaving. */
  public boolean running() {
    return !loop.dead() && !left;
  }

  /** Running, and not asked to leave. */
  public boolean staying() {
    return running() && !leaving;
  }

  public Ring ring() {
    return member.ring();
  }

  public RingDesc desc() {
    return store.get(RING);
  }

  public Leadership leadership() {
    return member.leadership().orElseThrow();
  }

  /** Whether it would say now that it leads. */
  public boolean leads() {
    return leadership().selfLeads(sim.time().nanoTime());
  }

  public Phase phase() {
    return member.lifecycler().map(Lifecycler::phase).orElseThrow();
  }

  public boolean sees(String id) {
    return ring().instance(id).isPresent();
  }

  /** Its view of an instance, which must be there. */
  public Instance view(String id) {
    return ring().instance(id).orElseThrow(() -> new AssertionError(name + " does not see " + id));
  }

  List<PeerId> listedPeers() {
    return mesh.peers().stream().map(peer -> peer.id()).toList();
  }

  /** Tokens on the disk when this life began. */
  Optional<Tokens> diedWithTokens() {
    return diedWithTokens;
  }

  /** The epoch on the disk when this life began. */
  long diedWithEpoch() {
    return diedWithEpoch;
  }

  /** kill -9. */
  public void kill() {
    sim.absences().away(name);
    loop.kill();
    mesh.stop();
  }

  /** SIGTERM: leaves the ring, then the mesh; {@link #running} is false when it has ended. */
  public void leave() {
    leaving = true;
    sim.absences().removedOnPurpose(name);
    loop.execute(
        () ->
            member
                .leave()
                .thenCompose(done -> store.drained())
                .thenCompose(done -> mesh.leave())
                .thenRun(
                    () -> {
                      sim.absences().away(name);
                      left = true;
                      loop.kill();
                    }));
  }

  /** SIGSTOP, and SIGCONT after {@code duration}. */
  public void freeze(Duration duration) {
    sim.absences().away(name);
    loop.freeze(duration);
    sim.mesh().changed((MeshEnd) mesh);
    sim.time().after(duration.plusNanos(1), this::woke);
  }

  private void woke() {
    if (running() && !loop.frozen()) {
      sim.absences().back(name);
      sim.mesh().changed((MeshEnd) mesh);
    }
  }

  /** Sets the clock of its host; lives after this one have it too. */
  public void skew(Duration skew) {
    sim.skew(name, skew);
    loop.skew(skew);
  }

  /** Forgets instances, as somebody asking this node would. */
  public void forget(String... ids) {
    List.of(ids).forEach(sim.absences()::removedOnPurpose);
    loop.execute(() -> member.forget(List.of(ids), true, "test"));
  }

  /** Changes its instance's read-only flag, if it has registered. */
  public void readOnly(boolean on) {
    loop.execute(() -> member.lifecycler().orElseThrow().readOnly(on));
  }

  /** Changes the ring behind everybody's back. */
  public void write(UnaryOperator<RingDesc> change) {
    loop.execute(() -> store.cas(RING, change));
  }

  @Override
  public String toString() {
    return name;
  }
}
