package io.ringdaemon.ring;

/**
 * How many of a key's owners must be able to serve (reference/ring-semantics.md 5.4). Those that
 * can't are left out of the answer either way.
 */
public enum ReplicationStrategy {
  /** More than half of the owners found, and of the replication factor. */
  DEFAULT {
    @Override
    int needed(int replicationFactor, int found) {
      return Math.max(replicationFactor, found) / 2 + 1;
    }
  },
  /** One is enough. Allows a replication factor above the configured one. */
  IGNORE_UNHEALTHY {
    @Override
    int needed(int replicationFactor, int found) {
      return 1;
    }
  };

  abstract int needed(int replicationFactor, int found);

  /** Whether a call may ask for more replicas than are configured. */
  public boolean expands() {
    return this == IGNORE_UNHEALTHY;
  }
}
