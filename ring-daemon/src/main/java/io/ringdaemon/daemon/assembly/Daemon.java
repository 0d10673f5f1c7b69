package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.config.ConfigChange;
import io.ringdaemon.daemon.config.DaemonConfig;
import io.ringdaemon.daemon.config.HostPort;
import io.ringdaemon.daemon.config.HttpFiles;
import io.ringdaemon.daemon.config.RingConfig;
import io.ringdaemon.daemon.config.ServerConfig;
import io.ringdaemon.daemon.config.Version;
import io.ringdaemon.daemon.local.DataDir;
import io.ringdaemon.daemon.local.LogSetup;
import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.time.World;
import io.ringdaemon.web.api.PrometheusMetrics;
import io.ringdaemon.web.api.WebRoutes;
import io.ringdaemon.web.http.CsrfGuard;
import io.ringdaemon.web.http.Gate;
import io.ringdaemon.web.http.HttpHandler;
import io.ringdaemon.web.http.HttpLimits;
import io.ringdaemon.web.http.HttpServer;
import io.ringdaemon.web.http.Response;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Where all parts meet. Starts in order: data directory, HTTP (answers {@code /live} from then on),
 * gossip, rings; stops in reverse: rings, gossip, HTTP.
 *
 * <p><b>Threading:</b> any thread.
 */
public final class Daemon {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon");

  private volatile DaemonConfig config;
  private final long life;
  private final PrometheusMetrics metrics = new PrometheusMetrics();
  private final NettyLoop loop = new NettyLoop(metrics);
  private final World world =
      new World(Clock.systemUTC(), loop, new SplittableRandom(new SecureRandom().nextLong()));
  private final DataDir dataDir;
  private final HttpCredentials credentials;
  private final HttpServer http;
  private final Map<String, RingMember> rings = new LinkedHashMap<>();
  private final Map<String, Duties> duties = new LinkedHashMap<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final CompletableFuture<HttpHandler> routes = new CompletableFuture<>();
  private final String httpAddress;
  private final Optional<Gossip> gossip;
  private final Stores stores;
  private final DaemonService service;
  private Set<PeerId> nodesInRings = Set.of();
  private boolean leaving;

  private Daemon(DaemonConfig config) {
    this.config = config;
    this.life = world.now().toEpochMilli();
    this.dataDir = DataDir.open(Path.of(config.dataDir()), loop);
    this.credentials = credentials(config);
    this.http =
        new HttpServer(
            this::answer, Version.text(), metrics, HttpLimits.DEFAULTS, credentials::tls);
    credentials.listen(http::renewStreams);
    try {
      InetSocketAddress bound =
          join(http.start(config.server().httpListenAddress(), config.server().httpListenPort()));
      this.httpAddress =
          new HostPort(config.server().httpListenAddress(), bound.getPort()).toString();
      this.gossip =
          Stores.gossips(config)
              ? Optional.of(Gossip.of(config, life, zone(), httpAddress, world, dataDir, metrics))
              : Optional.empty();
      this.stores = new Stores(config, world, gossip.map(Gossip::store), metrics);
      this.service =
          new DaemonService(
              config,
              world,
              rings,
              duties,
              gossip,
              stores,
              dataDir,
              httpAddress,
              () -> credentials.alerts(world.now()),
              this::leave);
      routes.complete(
          WebRoutes.of(service, metrics, guard(), new Gate(credentials::accounts, metrics)));
      join(onLoop(this::begin));
    } catch (RuntimeException failed) {
      stopParts();
      throw failed;
    }
  }

  /**
   * Starts; returns when HTTP and gossip are bound and the rings begin to join. Throws what kept it
   * from starting, with what to do in the message.
   */
  public static Daemon start(DaemonConfig config) {
    Daemon daemon = new Daemon(config);
    LOG.log(
        Level.INFO,
        "started node={0} http={1} gossip={2} rings={3}",
        config.nodeName(),
        daemon.httpAddress(),
        daemon.gossipAddress(),
        String.join(",", config.rings().keySet()));
    return daemon;
  }

  /**
   * Takes up what can be changed while running, and logs what that was and what waits for a
   * restart; a file of certificates or keys that can't be used changes nothing. Blocks: not on the
   * loop.
   */
  public synchronized void reload(DaemonConfig next) {
    ConfigChange change = ConfigChange.between(config, next);
    DaemonConfig now = change.effective();
    try {
      HttpFiles files = now.server().files();
      HttpFiles.Loaded content = files.load();
      gossip.ifPresent(parts -> join(parts.reload(config.memberlist(), now.memberlist())));
      credentials.use(files, content);
    } catch (RuntimeException refused) {
      LOG.log(Level.ERROR, "reload refused, nothing has changed: {0}", refused.getMessage());
      return;
    }
    loop.execute(() -> stores.reload(now));
    LogSetup.level(now.server().logLevel());
    config = now;
    service.reloaded(now);
    LOG.log(
        Level.INFO,
        "reloaded changed={0}",
        change.taken().isEmpty() ? "nothing" : String.join(",", change.taken()));
    if (!change.left().isEmpty()) {
      LOG.log(Level.WARNING, "only a restart changes {0}", String.join(",", change.left()));
    }
  }

  private CompletionStage<Response> answer(io.ringdaemon.web.http.Request request) {
    HttpHandler ready =
        routes.getNow(
            early ->
                Response.problem(503, "this daemon is starting").with("Retry-After", "1").now());
    return ready.handle(request);
  }

  private static HttpCredentials credentials(DaemonConfig config) {
    ServerConfig server = config.server();
    boolean exposed = !HostPort.isLoopback(server.httpListenAddress());
    if (exposed && server.credentials() && !server.tls()) {
      LOG.log(
          Level.WARNING,
          "credentials cross the network in plain text: set server.tls_cert_path, or put TLS before"
              + " HTTP");
    }
    return new HttpCredentials(server.files());
  }

  /** On loopback a page of elsewhere could reach us under its own name; beyond, names are many. */
  private CsrfGuard guard() {
    return HostPort.isLoopback(config.server().httpListenAddress())
        ? CsrfGuard.onlyHosts(Set.of(config.server().httpListenAddress(), config.nodeName()))
        : CsrfGuard.anyHost();
  }

  private String zone() {
    return config.rings().values().stream()
        .map(RingConfig::instanceZone)
        .filter(zone -> !zone.isEmpty())
        .findFirst()
        .orElse("");
  }

  private CompletionStage<Void> begin() {
    CompletionStage<Void> bound =
        gossip.map(parts -> parts.store().start()).orElse(CompletableFuture.completedFuture(null));
    return bound.thenRun(
        () -> {
          Members members =
              new Members(config, life, world, dataDir, httpAddress, gossip, stores, metrics);
          config
              .rings()
              .forEach(
                  (name, ring) -> {
                    RingMember member = members.of(name, ring);
                    rings.put(name, member);
                    duties.put(
                        name, new Duties(world, stores.of(name), member, ring, life, metrics));
                  });
          gossip.ifPresent(parts -> parts.store().listenToPeers(this::peerChanged));
          rings.values().forEach(member -> member.listen(this::forgetPeersOfForgotten));
          service.watch();
          rings.values().forEach(RingMember::start);
        });
  }

  private void peerChanged(Peer peer) {
    LOG.log(
        Level.INFO,
        "peer name={0} address={1} state={2}",
        peer.id().name(),
        peer.address(),
        peer.state().name().toLowerCase(java.util.Locale.ROOT));
    rings.values().forEach(RingMember::refresh);
  }

  /**
   * A dead peer stays listed until its last instance is forgotten; a former life of a node goes
   * once the later one speaks for its instances.
   */
  private void forgetPeersOfForgotten() {
    Set<PeerId> now =
        rings.values().stream()
            .flatMap(member -> member.ring().instances().stream())
            .map(instance -> instance.desc().origin())
            .filter(Origin::known)
            .map(origin -> new PeerId(origin.node(), origin.life()))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    gossip.ifPresent(parts -> gone(parts.mesh().peers(), now).forEach(parts.mesh()::forget));
    nodesInRings = now;
  }

  private List<PeerId> gone(List<Peer> peers, Set<PeerId> inRings) {
    Map<String, Long> latest =
        peers.stream()
            .filter(peer -> peer.state().reachable())
            .collect(
                Collectors.toMap(peer -> peer.id().name(), peer -> peer.id().life(), Math::max));
    return peers.stream()
        .filter(peer -> !peer.state().reachable() && !inRings.contains(peer.id()))
        .filter(
            peer ->
                latest.getOrDefault(peer.id().name(), 0L) > peer.id().life()
                    || (peer.state() == PeerState.DEAD && nodesInRings.contains(peer.id())))
        .map(Peer::id)
        .toList();
  }

  /** {@code host:port} of HTTP, the port bound. */
  public String httpAddress() {
    return httpAddress;
  }

  /** {@code host:port} that peers use, or {@code off}. */
  public String gossipAddress() {
    return gossip.map(parts -> parts.mesh().self().address()).orElse("off");
  }

  /** Leaves every ring and the mesh, then stops. Idempotent; completes when stopped. */
  public CompletionStage<Void> leave() {
    loop.execute(
        () -> {
          if (!leaving) {
            leaving = true;
            CompletionStage<Void> left = CompletableFuture.completedFuture(null);
            for (RingMember member : rings.values()) {
              left = left.runAfterBoth(member.leave().exceptionally(Daemon::leftAnyway), () -> {});
            }
            for (Duties duty : duties.values()) {
              left = left.runAfterBoth(duty.part(), () -> {});
            }
            left.thenCompose(done -> drained())
                .thenCompose(done -> leftMesh())
                .whenComplete((done, failure) -> new Thread(this::stopParts, "stop").start());
          }
        });
    return stopped;
  }

  @SuppressWarnings("NullAway") // Void
  private static Void leftAnyway(Throwable failure) {
    LOG.log(Level.WARNING, "left a ring uncleanly", failure);
    return null;
  }

  private CompletionStage<Void> drained() {
    return gossip
        .map(parts -> parts.store().drained())
        .orElse(CompletableFuture.completedFuture(null));
  }

  private CompletionStage<Void> leftMesh() {
    return gossip
        .map(parts -> parts.mesh().leave())
        .orElse(CompletableFuture.completedFuture(null));
  }

  private void stopParts() {
    try {
      http.stop()
          .toCompletableFuture()
          .orTimeout(2, java.util.concurrent.TimeUnit.SECONDS)
          .handle((a, b) -> "")
          .join();
      if (gossip != null) {
        gossip.ifPresent(
            parts ->
                parts
                    .mesh()
                    .stop()
                    .toCompletableFuture()
                    .orTimeout(2, java.util.concurrent.TimeUnit.SECONDS)
                    .handle((a, b) -> "")
                    .join());
      }
      if (stores != null) {
        stores.stop();
      }
      loop.stop();
      credentials.stop();
      dataDir.close();
    } finally {
      LOG.log(Level.INFO, "stopped node={0}", config.nodeName());
      stopped.complete(null);
    }
  }

  /** Blocks until {@link #leave} has done its work. */
  public void awaitStop() {
    stopped.join();
  }

  private CompletionStage<Void> onLoop(java.util.function.Supplier<CompletionStage<Void>> work) {
    return CompletableFuture.supplyAsync(work, loop).thenCompose(stage -> stage);
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException why) {
        throw why;
      }
      throw failed;
    }
  }
}
