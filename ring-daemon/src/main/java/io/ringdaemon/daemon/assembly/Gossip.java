package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.HostPort;
import io.ringdaemon.daemon.config.MemberlistConfig;
import io.ringdaemon.daemon.config.MemberlistConfig.ZoneAwareRouting;
import io.ringdaemon.daemon.config.MemberlistConfig.ZoneAwareRouting.Role;
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
import java.util.List;

/** The gossip of a daemon: mesh and store, made from its configuration. */
record Gossip(Mesh mesh, GossipKvStore store) {
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
            options.joinMembers().stream().map(Gossip::address).toList(),
            options.clusterLabel(),
            zone,
            httpAddress,
            Version.text(),
            options.rejoinInterval(),
            MeshTiming.TUNED);
    Mesh mesh =
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

  /** {@code dns+} asks for what the mesh does anyway: names are looked up anew at each attempt. */
  private static String address(String seed) {
    return HostPort.parse(seed.startsWith("dns+") ? seed.substring("dns+".length()) : seed)
        .orElseThrow()
        .toString();
  }
}
