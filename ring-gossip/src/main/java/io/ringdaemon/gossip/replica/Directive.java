package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;
import java.time.Duration;

/** What the shell shall do for a {@link Replica}. */
public sealed interface Directive {
  /** Send a message to a peer. */
  record Send(PeerId to, Message message) implements Directive {}

  /** The value of a key changed: tell who watches it. */
  record NotifyWatchers(String key) implements Directive {}

  /** Broadcast soon, not only at the next gossip tick: there is news. */
  record BroadcastSoon() implements Directive {}

  /** All that was newer at a peer has arrived. */
  record Contacted(PeerId peer) implements Directive {}

  /** A beacon took so long to come here. */
  record Delayed(Duration delay) implements Directive {}
}
