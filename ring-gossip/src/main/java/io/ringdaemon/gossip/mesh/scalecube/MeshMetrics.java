package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.metrics.Metrics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the mesh counts. Any thread. */
final class MeshMetrics {
  private static final List<String> REASONS =
      List.of(
          "malformed",
          "oversized",
          "handshake_refused",
          "handshake_timeout",
          "label",
          "plaintext", // bare bytes where TLS or sealing is wanted
          "encrypted", // the other way round
          "tls", // a handshake of TLS failed
          "key", // sealed with a key that is not in our list, or ours is not in theirs
          "unauthentic", // sealed, but altered, repeated, out of order or cut
          "not_writable",
          "unreachable",
          "limit");

  final LongAdder sentBytes;
  final LongAdder receivedBytes;

  /** Membership gossip not sent because the same went to the same node just before. */
  final LongAdder gossipRepeated;

  /** Failures in callbacks, ours and scalecube's: always a bug, never silent. */
  final LongAdder failures;

  /** Times a peer was not asked because this node itself was late. */
  final LongAdder spared;

  /** Times the membership layer was begun anew because a part of it had gone deaf. */
  final LongAdder restarts;

  final AtomicInteger connections = new AtomicInteger();
  private final Map<String, LongAdder> dropped;

  MeshMetrics(Metrics metrics, Supplier<List<Peer>> peers) {
    sentBytes =
        metrics.counter(
            "ring_daemon_mesh_sent_bytes_total", "Bytes the membership layer itself sent");
    receivedBytes =
        metrics.counter(
            "ring_daemon_mesh_received_bytes_total", "Bytes the membership layer itself received");
    gossipRepeated =
        metrics.counter(
            "ring_daemon_mesh_gossip_repeated_total",
            "Membership gossip left out because the peer had just been sent it");
    failures =
        metrics.counter(
            "ring_daemon_mesh_failures_total", "Exceptions in callbacks of the mesh: bugs");
    spared =
        metrics.counter(
            "ring_daemon_mesh_spared_probes_total",
            "Peers not asked whether they are alive because this node itself was late");
    restarts =
        metrics.counter(
            "ring_daemon_mesh_restarts_total",
            "Times the membership layer was begun anew because a part of it had gone deaf: bugs");
    metrics.gauge(
        "ring_daemon_mesh_orphaned_errors",
        "Errors inside the membership layer that reached nobody, of this process",
        Engine.ORPHANED::sum);
    dropped =
        REASONS.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    reason -> reason,
                    reason ->
                        metrics.counter(
                            "ring_daemon_mesh_dropped_frames_total",
                            "Frames not sent or not accepted, and connections refused",
                            "reason",
                            reason)));
    metrics.gauge(
        "ring_daemon_mesh_connections", "Open gossip connections, both ways", connections::get);
    Stream.of(PeerState.values())
        .forEach(
            state ->
                metrics.gauge(
                    "ring_daemon_mesh_peers",
                    "Peers by what we believe of them",
                    () -> peers.get().stream().filter(peer -> peer.state() == state).count(),
                    "state",
                    state.name().toLowerCase(Locale.ROOT)));
  }

  void dropped(String reason) {
    LongAdder counter = dropped.get(reason);
    (counter == null ? failures : counter).increment();
  }
}
