package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.mesh.security.Protection;
import io.ringdaemon.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A node with real sockets on loopback, its own loop and metrics. */
final class RealNode implements AutoCloseable {
  final TestLoop loop = new TestLoop();
  final Metrics metrics = Metrics.unseen();
  final Seen seen = new Seen();
  final ScalecubeMesh mesh;
  final Protection protection;

  RealNode(MeshConfig config) {
    protection = config.security().protection();
    mesh = new ScalecubeMesh(config, loop.world(config.life()), metrics, PeerMemory.NONE);
  }

  static RealNode named(String name, String... seeds) {
    return new RealNode(
            MeshConfig.of(name, System.nanoTime() / 1_000, "127.0.0.1", 0)
                .withSeeds(List.of(seeds)))
        .start();
  }

  RealNode start() {
    mesh.start(seen).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    return this;
  }

  String name() {
    return mesh.self().id().name();
  }

  String address() {
    return mesh.self().address();
  }

  int port() {
    return Address.written(address()).orElseThrow().port();
  }

  Set<String> in(PeerState state) {
    return mesh.peers().stream()
        .filter(peer -> peer.state() == state)
        .map(peer -> peer.id().name())
        .collect(Collectors.toSet());
  }

  Peer peer(String name) {
    return mesh.peers().stream()
        .filter(peer -> peer.id().name().equals(name))
        .reduce((older, newer) -> newer)
        .orElseThrow();
  }

  long dropped(String reason) {
    return metrics.counter("ring_daemon_mesh_dropped_frames_total", "", "reason", reason).sum();
  }

  @Override
  public void close() {
    mesh.stop().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    loop.close();
  }

  /** Waits until it is so; returns how long that took. */
  static Duration await(String what, Duration limit, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > limit.toNanos()) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
