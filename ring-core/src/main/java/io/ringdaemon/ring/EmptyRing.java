package io.ringdaemon.ring;

/** No instance of the ring owns a token, so no key has an owner. */
public final class EmptyRing extends RuntimeException {
  private static final long serialVersionUID = 1;

  public EmptyRing(String ring) {
    super("ring " + ring + " is empty: no instance owns a token");
  }
}
