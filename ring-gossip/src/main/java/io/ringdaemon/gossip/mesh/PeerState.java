package io.ringdaemon.gossip.mesh;

/** What the mesh believes of a peer. */
public enum PeerState {
  /** Answers. */
  ALIVE,
  /** Did not answer somebody; may still refute it. */
  SUSPECT,
  /** Stopped answering, or was replaced by a later life of the same name. */
  DEAD,
  /** Said goodbye. */
  LEFT;

  /** Whether messages to it make sense. */
  public boolean reachable() {
    return this == ALIVE || this == SUSPECT;
  }
}
