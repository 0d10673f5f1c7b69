package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;

/** What the shell shall do for a {@link Replica}. */
public sealed interface Directive {
  /** Send a message to a peer. */
  record Send(PeerId to, Message message) implements Directive {}

  /** The value of a key changed: tell who watches it. */
  record NotifyWatchers(String key) implements Directive {}

  /** Broadcast soon, not only at the next gossip tick: somebody here changed something. */
  record BroadcastSoon() implements Directive {}

  /** All that a peer holds has arrived. */
  record Contacted(PeerId peer) implements Directive {}
}
