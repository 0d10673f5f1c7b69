package io.ringdaemon.gossip.store;

import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.store.GossipConfig.ZoneRouting;
import io.ringdaemon.kv.Key;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Gossip stores alone in virtual time: no lifecycles, no elections; bytes are counted. */
final class GossipNet {
  static final Key<RingDesc> RING = new Key<>("collectors/ring", RingCodec.INSTANCE);

  final VirtualTime time;
  final TestMesh mesh;
  final List<Node> nodes = new ArrayList<>();
  final boolean zones;

  GossipNet(long seed, boolean zones) {
    this.time = new VirtualTime(seed);
    this.mesh = new TestMesh(time, seed);
    this.zones = zones;
  }

  final class Node {
    final String name;
    final VirtualTime.Node loop = time.node();
    final GossipKvStore store;
    final TestMesh.End end;

    Node(String name) {
      this.name = name;
      this.end = mesh.join(name, loop);
      GossipConfig config =
          new GossipConfig(
              GossipConfig.DEFAULTS.gossipInterval(),
              GossipConfig.DEFAULTS.gossipNodes(),
              GossipConfig.DEFAULTS.pullPushInterval(),
              GossipConfig.DEFAULTS.tombstoneRetention(),
              zones ? new ZoneRouting(true, TestMesh.zone(name), false) : ZoneRouting.OFF);
      this.store =
          new GossipKvStore(
              loop.world(),
              end,
              config,
              List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE),
              Metrics.unseen());
      nodes.add(this);
      loop.execute(() -> store.start());
    }

    /** Writes an entry of its own, or renews it. */
    void beat(int tokens, InstanceState state) {
      loop.execute(
          () -> {
            var unused =
                store.cas(
                    RING,
                    ring ->
                        ring.with(
                            InstanceDesc.of(name, name + ":80", "")
                                .withState(state)
                                .withTokens(
                                    Tokens.ofInts(
                                        new SplittableRandom(name.hashCode()).ints(tokens)))
                                .withTimestamp(
                                    ring.timestampFor(name, loop.world().now()), loop.nanoTime())));
          });
    }

    RingDesc ring() {
      return store.get(RING);
    }
  }

  /** Whether all hold the same. */
  boolean equal() {
    RingDesc first = nodes.get(0).ring();
    return nodes.stream().allMatch(node -> node.ring().equals(first));
  }

  /** Whether all see everybody in a state. */
  boolean allSee(InstanceState state) {
    return nodes.stream()
        .allMatch(
            node ->
                node.ring().instances().size() == nodes.size()
                    && node.ring().instances().stream().allMatch(one -> one.state() == state));
  }

  void runFor(Duration time) {
    this.time.runFor(time);
  }
}
