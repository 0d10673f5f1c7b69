package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.HostPort;
import io.ringdaemon.daemon.config.KvStoreConfig.Store;
import io.ringdaemon.daemon.config.RingConfig;
import io.ringdaemon.daemon.local.DataDir;
import io.ringdaemon.daemon.local.EpochFile;
import io.ringdaemon.daemon.local.TokensFile;
import io.ringdaemon.election.Policy;
import io.ringdaemon.election.Prober;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.member.AutoForget;
import io.ringdaemon.member.Event;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.time.World;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * This node's part in each configured ring, made from the configuration and what the daemon is made
 * of.
 *
 * @param life of this node
 * @param httpAddress as bound
 */
record Members(
    DaemonConfig config,
    long life,
    World world,
    DataDir dataDir,
    String httpAddress,
    Optional<Gossip> gossip,
    Stores stores,
    Metrics metrics) {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon");
  private static final Duration ALONE_AFTER = Duration.ofSeconds(2);

  RingMember of(String name, RingConfig ring) {
    String id = ring.instanceIdOr(config.nodeName());
    LifecyclerConfig lifecycle =
        new LifecyclerConfig(
            id,
            instanceAddr(ring),
            ring.instanceZone(),
            new Origin(config.nodeName(), life, ""),
            ring.numTokens(),
            ring.tokensObservePeriod(),
            ring.heartbeatPeriod(),
            ALONE_AFTER,
            ring.unregisterOnShutdown());
    RingMember.Config settings =
        new RingMember.Config(
            new RingOptions(
                name,
                ring.replicationFactor(),
                ring.zoneAwarenessEnabled(),
                ring.heartbeatTimeout()),
            ring.storeKey(name),
            id,
            ring.register() ? Optional.of(lifecycle) : Optional.empty(),
            electionRules(ring.leaderElection()),
            new AutoForget(
                ring.autoForget().enabled(),
                ring.autoForget().after(),
                ring.autoForget().foreign()));
    Path tokens =
        ring.tokensFilePath().isEmpty()
            ? dataDir.resolve(name + ".tokens.json")
            : Path.of(ring.tokensFilePath());
    return new RingMember(
        settings,
        new RingMember.Surroundings(
            world,
            stores.of(name),
            stores.liveness(name),
            new TokensFile(dataDir, tokens),
            new EpochFile(dataDir, dataDir.resolve(name + ".epoch")),
            prober(),
            courier(ring),
            stores.lock(name, id),
            metrics,
            event -> log(name, event)));
  }

  /** Elsewhere the store itself puts changes in a row. */
  private @Nullable Courier courier(RingConfig ring) {
    return ring.kvstore().store() == Store.MEMBERLIST
        ? gossip.map(parts -> parts.store().courier()).orElse(null)
        : null;
  }

  private static Optional<RingMember.ElectionRules> electionRules(
      RingConfig.LeaderElection election) {
    return election.enabled()
        ? Optional.of(
            new RingMember.ElectionRules(
                Policy.valueOf(election.policy().name()),
                election.takeOverDelay(),
                election.minVisible()))
        : Optional.empty();
  }

  private Prober prober() {
    return (node, instanceLife, timeout) ->
        gossip
            .map(parts -> parts.mesh().probe(new PeerId(node, instanceLife), timeout))
            .orElse(CompletableFuture.completedFuture(false))
            .thenCompose(this::backOnLoop);
  }

  private <T> CompletionStage<T> backOnLoop(T value) {
    CompletableFuture<T> here = new CompletableFuture<>();
    world.loop().execute(() -> here.complete(value));
    return here;
  }

  private String instanceAddr(RingConfig ring) {
    HostPort own = HostPort.parse(httpAddress).orElseThrow();
    boolean everywhere = own.host().equals("0.0.0.0") || own.host().equals("::");
    String bound =
        everywhere && gossip.isPresent()
            ? HostPort.parse(gossip.get().mesh().self().address())
                .map(HostPort::host)
                .orElse(own.host())
            : own.host();
    String advertised =
        config.memberlist().advertiseAddr().isEmpty() ? bound : config.memberlist().advertiseAddr();
    return new HostPort(
            ring.instanceAddr().isEmpty() ? advertised : ring.instanceAddr(),
            ring.instancePort() == 0 ? own.port() : ring.instancePort())
        .toString();
  }

  private void log(String ring, Event event) {
    metrics
        .counter(
            "ring_daemon_events_total",
            "What happened in the rings, as this node saw it.",
            "name",
            ring,
            "kind",
            event.kind())
        .increment();
    LOG.log(
        Set.of("conflict", "step-down", "hook-failed").contains(event.kind())
            ? Level.WARNING
            : Level.INFO,
        "{0} ring={1} instance={2} {3}",
        event.kind(),
        ring,
        event.instance(),
        event.text());
  }
}
