package io.ringdaemon.model;

/** State of an instance in its ring (reference/ring-semantics.md 2.1). Order as on the wire. */
public enum InstanceState {
  /** Serving. */
  ACTIVE,
  /** Shutting down; still holds its tokens. */
  LEAVING,
  /** Registered, not joining yet. */
  PENDING,
  /** Holds tokens and watches whether it keeps them. */
  JOINING,
  /** A tombstone: remembered removal, no tokens, hidden from readers. */
  LEFT
}
