package io.ringdaemon.gossip.mesh.security;

/** Which end of a connection sends. */
public enum Side {
  DIALER,
  ACCEPTOR;

  Side other() {
    return this == DIALER ? ACCEPTOR : DIALER;
  }
}
