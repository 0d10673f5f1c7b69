package io.ringdaemon.model;

/** State of an instance in its ring (reference/ring-semantics.md 2.1). */
public enum InstanceState {
  /** Serving. */
  ACTIVE(0),
  /** Shutting down; still holds its tokens. */
  LEAVING(1),
  /** Registered, not joining yet. */
  PENDING(2),
  /** Holds tokens and watches whether it keeps them. */
  JOINING(3),
  /** A tombstone: remembered removal, no tokens, hidden from readers. */
  LEFT(4);

  private final int number;

  InstanceState(int number) {
    this.number = number;
  }

  /** Its number on the wire. */
  int number() {
    return number;
  }
}
