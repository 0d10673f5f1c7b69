package io.ringdaemon.gossip.mesh.scalecube;

import io.scalecube.cluster.Cluster;
import io.scalecube.cluster.ClusterConfig;
import io.scalecube.cluster.ClusterImpl;
import io.scalecube.cluster.ClusterMessageHandler;
import io.scalecube.cluster.membership.MembershipEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;

/**
 * Scalecube's cluster object: made, started and ended, and whatever it throws caught. It is never
 * asked to leave or to gossip. Source: reference/scalecube.md 0, 2.1, 6, 7.
 *
 * <p><b>Threading:</b> {@link #start} may block on the name service, so call it off the loop;
 * events come on scalecube's thread.
 */
final class Engine {
  /** Errors that reactor had nobody to give to. */
  static final LongAdder ORPHANED = new LongAdder();

  private static final Duration SHUTDOWN = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final AtomicBoolean HOOKED = new AtomicBoolean();
  // Kept here, as java.util.logging would forget the level of a logger nobody holds.
  private static final java.util.logging.Logger SCALECUBE =
      java.util.logging.Logger.getLogger("io.scalecube");

  private final MeshConfig config;
  private final String memberId;
  private final MeshTransport transport;
  private final MeshMetrics metrics;
  private final Consumer<MembershipEvent> events;
  private @Nullable Cluster cluster; // guarded by this: start and stop come from two threads
  private volatile boolean stopped;

  Engine(
      MeshConfig config,
      String memberId,
      MeshTransport transport,
      MeshMetrics metrics,
      Consumer<MembershipEvent> events) {
    this.config = config;
    this.memberId = memberId;
    this.transport = transport;
    this.metrics = metrics;
    this.events = events;
    SCALECUBE.setLevel(Level.SEVERE); // its own lines repeat each event and each failed seed
    if (HOOKED.compareAndSet(false, true)) {
      Hooks.onErrorDropped(
          e -> {
            if (!(e instanceof MeshTransport.Undelivered)) {
              ORPHANED.increment();
              LOG.warn("an error reached nobody", e);
            }
          });
    }
  }

  synchronized void start(List<String> seeds) {
    if (stopped) {
      return;
    }
    ClusterImpl made =
        new ClusterImpl(clusterConfig(seeds))
            .handler(
                self ->
                    new ClusterMessageHandler() {
                      @Override
                      public void onMembershipEvent(MembershipEvent event) {
                        handOver(event);
                      }
                    });
    cluster = made;
    made.start().subscribe(started -> {}, this::failed);
  }

  /** Ends it in the background: it waits for its gossip, up to some seconds, which is muted. */
  synchronized void stop() {
    Cluster running = cluster;
    if (stopped || running == null) {
      stopped = true;
      return;
    }
    stopped = true;
    try {
      running.onShutdown().timeout(SHUTDOWN).subscribe(done -> {}, this::failed);
      running.shutdown();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private ClusterConfig clusterConfig(List<String> seeds) {
    MeshTiming timing = config.timing();
    return ClusterConfig.defaultLanConfig()
        .memberId(memberId)
        .memberAlias(config.nodeName() + "@" + config.life())
        .metadataCodec(RefusingCodec.NoMetadata.INSTANCE)
        .metadataTimeout(timing.fetchTimeoutMillis())
        .transport(t -> t.transportFactory(c -> transport).messageCodec(RefusingCodec.INSTANCE))
        .failureDetector(
            f ->
                f.pingInterval(timing.pingIntervalMillis())
                    .pingTimeout(timing.pingTimeoutMillis())
                    .pingReqMembers(timing.pingHelpers()))
        .gossip(
            g ->
                g.gossipInterval(timing.gossipIntervalMillis())
                    .gossipFanout(timing.gossipFanout())
                    .gossipRepeatMult(timing.gossipRepeatMult()))
        .membership(
            m ->
                m.seedMembers(seeds)
                    .syncInterval(timing.syncIntervalMillis())
                    .syncTimeout(timing.syncTimeoutMillis())
                    .suspicionMult(timing.suspicionMult())
                    .namespace(SwimCheck.NAMESPACE));
  }

  /** An exception here would end scalecube's subscription for good (section 0.4). */
  private void handOver(MembershipEvent event) {
    if (stopped) {
      return;
    }
    try {
      events.accept(event);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(Throwable e) {
    metrics.failures.increment();
    LOG.error("membership layer failed", e);
  }
}
