package io.ringdaemon.gossip.mesh;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Carries bytes between nodes and says who is alive; it knows nothing of values. Loss is normal:
 * nothing that is sent is promised to arrive.
 *
 * <p><b>Promises</b> at most one life of a name and one life at an address is {@link
 * PeerState#reachable} in a snapshot; a peer that was removed without a goodbye is tried again for
 * 24 hours; a peer stays listed as DEAD or LEFT until it is forgotten or pushed out by newer ones
 * (at most 1,000).
 *
 * <p><b>Threading:</b> every method may be called from any thread and none blocks. The listener is
 * called on the {@code Loop} only; an exception it throws is counted and logged and harms nothing
 * else.
 */
public interface Mesh {
  /** Who hears of it. */
  interface Listener {
    /** A peer is new or its state changed; {@code peer} is its present state. */
    void peerChanged(Peer peer);

    /** A message of ours arrived. {@code message} belongs to the listener. */
    void received(PeerId from, byte[] message);
  }

  /** This node, as others see it. The address is final once {@link #start} has completed. */
  Peer self();

  /** All other nodes known, DEAD and LEFT ones too, by name then life: an immutable snapshot. */
  List<Peer> peers();

  /**
   * Binds and begins to look for the seeds; completes when bound, whether or not anybody answers.
   * Fails with {@link MeshException} where the address can't be bound.
   */
  CompletionStage<Void> start(Listener listener);

  /** Sends to one peer; silently lost (and counted) if it can't be reached or reads too slowly. */
  void send(PeerId to, byte[] message);

  /**
   * Asks a peer directly whether it is there. True: it answered in time and can be counted on;
   * false: it refused, was silent for {@code timeout}, or is unknown.
   */
  CompletionStage<Boolean> probe(PeerId peer, Duration timeout);

  /**
   * Makes contact with further places now, written as seeds are ({@code host:port}, {@code
   * dns+name:port}, {@code dnssrv+name}), and remembers them. Completes within 4 s with each of
   * them: an empty text if somebody answered there, or why nobody did. Never fails.
   */
  CompletionStage<Map<String, String>> join(List<String> seeds);

  /** Takes a DEAD or LEFT peer off the list; others are not touched. */
  void forget(PeerId peer);

  /** Why nobody is there, in words, one line a trouble: an empty list when all is well. */
  List<String> troubles();

  /** Says goodbye to every peer (at most 500 ms) and stops. Idempotent. */
  CompletionStage<Void> leave();

  /** Stops without a word, as a crash would, but frees port and threads. Idempotent. */
  CompletionStage<Void> stop();
}
