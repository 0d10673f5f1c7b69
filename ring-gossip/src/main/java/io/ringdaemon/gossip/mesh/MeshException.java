package io.ringdaemon.gossip.mesh;

/** The mesh could not start; the message names the address and what to do. */
public final class MeshException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MeshException(String message, Throwable cause) {
    super(message, cause);
  }
}
