package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.MemberlistConfig;
import io.ringdaemon.daemon.config.MemberlistConfig.ZoneAwareRouting;
import io.ringdaemon.daemon.config.MemberlistConfig.ZoneAwareRouting.Role;
import io.ringdaemon.daemon.config.Version;
import io.ringdaemon.daemon.local.DataDir;
import io.ringdaemon.daemon.local.PeersFile;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.mesh.scalecube.MeshConfig;
import io.ringdaemon.gossip.mesh.scalecube.MeshTiming;
import io.ringdaemon.gossip.mesh.scalecube.ScalecubeMesh;
import io.ringdaemon.gossip.store.GossipConfig;
import io.ringdaemon.gossip.store.GossipKvStore;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.time.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The gossip of a daemon: mesh and store, made from its configuration. */
record Gossip(ScalecubeMesh mesh, GossipKvStore store) {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon");

  static Gossip of(
      DaemonConfig config,
      long life,
      String ringZone,
      String httpAddress,
      World world,
      DataDir dataDir,
      Metrics metrics) {
    MemberlistConfig options = config.memberlist();
    ZoneAwareRouting routing = options.zoneAwareRouting();
    String zone =
        routing.instanceAvailabilityZone().isEmpty()
            ? ringZone
            : routing.instanceAvailabilityZone();
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
            MeshTiming.TUNED,
            security(options));
    ScalecubeMesh mesh =
        new ScalecubeMesh(
            meshConfig, world, metrics, new PeersFile(dataDir, dataDir.resolve("peers")));
    GossipConfig gossip =
        new GossipConfig(
            options.gossipInterval(),
            options.gossipNodes(),
            options.pullPushInterval(),
            options.tombstoneRetention(),
            new GossipConfig.ZoneRouting(routing.enabled(), zone, routing.role() == Role.BRIDGE));
    return new Gossip(
        mesh,
        new GossipKvStore(
            world, mesh, gossip, List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE), metrics));
  }

  private static MeshConfig.Security security(MemberlistConfig options) {
    return new MeshConfig.Security(
        options.clusterLabelVerificationDisabled(), options.protection());
  }

  /**
   * Takes up label, certificates, keys and seeds of another configuration; fails if a file can't be
   * used, and then nothing has changed.
   */
  CompletionStage<Void> reload(MemberlistConfig running, MemberlistConfig next) {
    List<String> added = new ArrayList<>(next.joinMembers());
    added.removeAll(running.joinMembers());
    List<String> removed = new ArrayList<>(running.joinMembers());
    removed.removeAll(next.joinMembers());
    if (!removed.isEmpty()) {
      LOG.log(Level.INFO, "seeds {0} are tried until a restart", String.join(",", removed));
    }
    return mesh.secure(next.clusterLabel(), security(next))
        .thenRun(
            () -> {
              if (!added.isEmpty()) {
                var unused = mesh.join(added);
              }
            });
  }
}
