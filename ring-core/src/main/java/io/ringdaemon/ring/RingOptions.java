package io.ringdaemon.ring;

import java.time.Duration;

/**
 * What readers of a ring must know of its configuration.
 *
 * @param heartbeatTimeout older heartbeats make an instance unhealthy; positive
 */
public record RingOptions(
    String name, int replicationFactor, boolean zoneAware, Duration heartbeatTimeout) {
  public RingOptions {
    if (replicationFactor < 1) {
      throw new IllegalArgumentException(
          "replication_factor must be 1 or more, not " + replicationFactor);
    }
    if (heartbeatTimeout.isZero() || heartbeatTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "heartbeat_timeout must be positive, not " + heartbeatTimeout);
    }
  }
}
