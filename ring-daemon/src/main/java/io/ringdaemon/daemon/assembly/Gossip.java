package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.MemberlistConfig;
import io.ringdaemon.daemon.config.Version;
import io.ringdaemon.daemon.local.DataDir;
import io.ringdaemon.daemon.local.PeersFile;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.scalecube.MeshConfig;
import io.ringdaemon.gossip.mesh.scalecube.MeshTiming;
import io.ringdaemon.gossip.mesh.scalecube.ScalecubeMesh;
import io.ringdaemon.gossip.store.GossipConfig;
import io.ringdaemon.gossip.store.GossipKvStore;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.List;

/** The gossip of a daemon: mesh and store, made from its configuration. */
record Gossip(Mesh mesh, GossipKvStore store) {
  /** Until peers compare digests first, everything is exchanged at least this often. */
  private static final Duration LONGEST_PULL_PUSH = Duration.ofSeconds(10);

  static Gossip of(
      DaemonConfig config,
      long life,
      String zone,
      String httpAddress,
      World world,
      DataDir dataDir,
      Metrics metrics) {
    MemberlistConfig options = config.memberlist();
    MeshConfig meshConfig =
        new MeshConfig(
            config.nodeName(),
            life,
            options.bindAddr(),
            options.bindPort(),
            options.advertiseAddr(),
            options.advertisePort(),
            options.joinMembers(),
            options.clusterLabel(),
            zone,
            httpAddress,
            Version.text(),
            options.rejoinInterval(),
            MeshTiming.TUNED);
    Mesh mesh =
        new ScalecubeMesh(
            meshConfig, world, metrics, new PeersFile(dataDir, dataDir.resolve("peers")));
    Duration pullPush =
        options.pullPushInterval().compareTo(LONGEST_PULL_PUSH) < 0
            ? options.pullPushInterval()
            : LONGEST_PULL_PUSH;
    GossipConfig gossip =
        new GossipConfig(
            options.gossipInterval(),
            options.gossipNodes(),
            pullPush,
            options.tombstoneRetention());
    return new Gossip(
        mesh,
        new GossipKvStore(
            world, mesh, gossip, List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE), metrics));
  }
}
