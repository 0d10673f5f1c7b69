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
  LEFT(4),
  /**
   * One that a later or foreign program knows and this one doesn't: serves nothing; its number is
   * kept ({@link InstanceDesc#stateNumber}).
   */
  UNKNOWN(-1);

  private static final InstanceState[] KNOWN = {ACTIVE, LEAVING, PENDING, JOINING, LEFT};

  private final int number;

  InstanceState(int number) {
    this.number = number;
  }

  /** Its number on the wire; -1 for {@link #UNKNOWN}. */
  public int number() {
    return number;
  }

  /** The state of that number on the wire. */
  static InstanceState of(int number) {
    return number >= 0 && number < KNOWN.length ? KNOWN[number] : UNKNOWN;
  }
}
