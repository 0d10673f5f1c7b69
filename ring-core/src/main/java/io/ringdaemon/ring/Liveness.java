package io.ringdaemon.ring;

import java.time.Instant;

/** What is known of the nodes behind instances, apart from heartbeats. Confined to the loop. */
public interface Liveness {
  /** State of a node's life. */
  enum State {
    /** No word of it: the heartbeat alone counts. */
    UNKNOWN,
    ALIVE,
    SUSPECT,
    DEAD,
    LEFT
  }

  /** A state and, by this node's wall clock, since when. */
  record Report(State state, Instant since) {
    public static final Report UNKNOWN = new Report(State.UNKNOWN, Instant.EPOCH);
  }

  /** What is known of that life of that node; {@link Report#UNKNOWN} if nothing. */
  Report of(String node, long life);

  /** For stores without a mesh: heartbeats alone count. */
  static Liveness unknown() {
    return (node, life) -> Report.UNKNOWN;
  }
}
