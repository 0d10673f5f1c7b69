package io.ringdaemon.gossip.mesh.scalecube;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.MeshException;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.security.SecretFileException;
import io.ringdaemon.gossip.mesh.security.SharedKeys;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.time.World;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh over scalecube-cluster: it decides who is a member and who has failed, over connections
 * and a codec of ours; batches go past it, point to point.
 *
 * <pre>
 *   scalecube ◀──▶ MeshTransport ──┐                     ┌── NettyWire (TCP)
 *   PeerTable, Rejoin, Probes ─────┼── Links (handshake) ┤
 *   send(), received() ────────────┘                     └── memory, in tests
 * </pre>
 *
 * <p><b>Promises</b> what {@link Mesh} promises. <b>Not</b> promised: that REACHABLE means both
 * ways, nor that DEAD means the process is gone.
 *
 * <p><b>Threading:</b> as {@link Mesh}; all state is confined to the loop. <b>Source:</b>
 * reference/scalecube.md, all of it.
 */
public final class ScalecubeMesh implements Mesh {
  private static final Logger LOG = LoggerFactory.getLogger(ScalecubeMesh.class);

  private final World world;
  private final Wire wire;
  private final MeshCore core;
  private final HostNetwork network;
  private final MeshConfig config;
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  public ScalecubeMesh(MeshConfig config, World world, Metrics metrics, PeerMemory memory) {
    this(config, world, metrics, memory, new NettyWire());
  }

  ScalecubeMesh(MeshConfig config, World world, Metrics metrics, PeerMemory memory, Wire wire) {
    this(config, world, metrics, memory, wire, HostNetwork.SYSTEM);
  }

  ScalecubeMesh(
      MeshConfig config,
      World world,
      Metrics metrics,
      PeerMemory memory,
      Wire wire,
      HostNetwork network) {
    this.network = network;
    this.config = config;
    this.world = world;
    boolean sealed = config.security().protection() instanceof SharedKeys;
    this.wire = sealed ? new SealedWire(wire, new SecureRandom()) : wire;
    this.core = new MeshCore(config, world, metrics, memory, this.wire);
  }

  @Override
  public Peer self() {
    return core.self();
  }

  @Override
  public List<Peer> peers() {
    return core.peers();
  }

  @Override
  public List<String> troubles() {
    return core.troubles();
  }

  @Override
  public CompletionStage<Void> start(Listener listener) {
    offLoop(() -> bind(listener));
    return started;
  }

  @Override
  public void send(PeerId to, byte[] message) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(message.clone());
    Frame frame = Frame.newBuilder().setGossip(bytes).build();
    onLoop(() -> core.send(to, frame));
  }

  @Override
  public CompletionStage<Boolean> probe(PeerId peer, Duration timeout) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    onLoop(() -> core.probe(peer, timeout, answer));
    return answer;
  }

  @Override
  public CompletionStage<Map<String, String>> join(List<String> seeds) {
    CompletableFuture<Map<String, String>> answered = new CompletableFuture<>();
    List<String> wanted = seeds.stream().distinct().toList();
    onLoop(() -> core.join(wanted, answered));
    return answered;
  }

  @Override
  public void forget(PeerId peer) {
    onLoop(() -> core.forget(peer));
  }

  /**
   * From now on this label and protection: certificates and keys are read anew. Connections go on,
   * except those of a label that no longer fits, or of a key that is gone; they are made anew.
   * Fails with {@link MeshException} where a file can't be used; then nothing has changed. The kind
   * of protection stays what it was at the start.
   */
  public CompletionStage<Void> secure(String clusterLabel, MeshConfig.Security security) {
    if (!security.protection().getClass().equals(config.security().protection().getClass())) {
      throw new IllegalArgumentException("TLS or keys can't be turned on or off while running");
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    onLoop(() -> core.secure(clusterLabel, security, done));
    return done;
  }

  @Override
  public CompletionStage<Void> leave() {
    onLoop(() -> core.leave(this::end));
    return ended;
  }

  @Override
  public CompletionStage<Void> stop() {
    onLoop(() -> core.stop(this::end));
    return ended;
  }

  private void end() {
    wire.close().thenRun(() -> ended.complete(null)).exceptionally(this::endedBadly);
    started.completeExceptionally(
        new MeshException(
            "the mesh was stopped before it had started", new IllegalStateException()));
  }

  private Void endedBadly(Throwable e) {
    ended.completeExceptionally(e);
    throw new IllegalStateException(e);
  }

  private void onLoop(Runnable task) {
    if (world.loop().inside()) {
      task.run();
    } else {
      world.loop().execute(task);
    }
  }

  private void bind(Listener listener) {
    if (!localHostKnown() || !credentialsRead()) {
      return;
    }
    resolve(
        config.bindHost(),
        bindTo ->
            wire.bind(
                    Address.of(bindTo, 1).ip().getHostAddress(), config.bindPort(), core::accepted)
                .whenComplete(
                    (port, e) -> {
                      if (e == null) {
                        advertise(bindTo, port, listener);
                      } else {
                        fail(cannotListen(e), e);
                      }
                    }));
  }

  /** Scalecube asks for it and fails without (2.1): better to say so before. */
  private boolean localHostKnown() {
    try {
      InetAddress.getLocalHost();
      return true;
    } catch (UnknownHostException e) {
      fail(
          "this machine can't resolve its own host name ("
              + e.getMessage()
              + "): add it to /etc/hosts",
          e);
      return false;
    }
  }

  private boolean credentialsRead() {
    try {
      core.loadCredentials();
      return true;
    } catch (SecretFileException e) {
      fail(String.valueOf(e.getMessage()), e);
      return false;
    }
  }

  private void advertise(InetAddress bound, int port, Listener listener) {
    int shown = config.advertisePort() == 0 ? port : config.advertisePort();
    if (!config.advertiseHost().isEmpty()) {
      offLoop(() -> resolve(config.advertiseHost(), ip -> begin(Address.of(ip, shown), listener)));
    } else if (Advertise.needed(bound)) {
      onLoop(
          () ->
              core.seeds()
                  .thenAccept(
                      seeds -> offLoop(() -> advertiseByRoute(bound, shown, seeds, listener))));
    } else {
      begin(Address.of(bound, shown), listener);
    }
  }

  private void advertiseByRoute(
      InetAddress bound, int port, List<Address> seeds, Listener listener) {
    Advertise.choose(bound, seeds, network)
        .ifPresentOrElse(
            chosen -> {
              Address address = Address.of(chosen.ip(), port);
              LOG.info("node={} advertises {}: {}", config.nodeName(), address, chosen.why());
              begin(address, listener);
            },
            () ->
                fail(
                    "listening on all addresses ("
                        + config.bindHost()
                        + "), but none of this host is one that peers could dial: there is no route"
                        + " and no interface with an address; set memberlist.advertise_addr",
                    new IllegalStateException()));
  }

  private void offLoop(Runnable task) {
    try {
      wire.blocking().execute(task);
    } catch (RejectedExecutionException e) {
      fail("the mesh has been stopped", e);
    }
  }

  private void begin(Address address, Listener listener) {
    if (!address.dialable()) {
      fail(address + " is no address that peers could dial", new IllegalArgumentException());
      return;
    }
    onLoop(
        () -> {
          if (core.begin(address, listener)) {
            started.complete(null);
          }
        });
  }

  private void resolve(String host, Consumer<InetAddress> then) {
    try {
      then.accept(wire.lookup(host)[0]);
    } catch (UnknownHostException e) {
      fail("unknown host " + host + ": give an address of this machine", e);
    }
  }

  private String cannotListen(Throwable cause) {
    return "cannot listen on "
        + config.bindHost()
        + ":"
        + config.bindPort()
        + " ("
        + cause.getMessage()
        + "): stop the process that uses it, or choose another gossip address or port";
  }

  private void fail(String message, Throwable cause) {
    wire.close().thenRun(() -> ended.complete(null)).exceptionally(this::endedBadly);
    started.completeExceptionally(new MeshException(message, cause));
  }
}
