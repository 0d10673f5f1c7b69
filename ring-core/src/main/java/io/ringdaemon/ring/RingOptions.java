package io.ringdaemon.ring;

import java.time.Duration;
import java.util.Set;

/**
 * What readers of a ring must know of its configuration.
 *
 * @param zoneAware one replica a zone; the replication factor is then taken as the number of zones
 * @param heartbeatTimeout older heartbeats make an instance unhealthy; positive
 * @param excludedZones their instances are left out of every view. A node that keeps an instance
 *     must not exclude its own zone: it would never see itself
 */
public record RingOptions(
    String name,
    int replicationFactor,
    boolean zoneAware,
    Duration heartbeatTimeout,
    ReplicationStrategy strategy,
    Set<String> excludedZones) {
  public RingOptions {
    if (replicationFactor < 1) {
      throw new IllegalArgumentException(
          "replication_factor must be 1 or more, not " + replicationFactor);
    }
    if (heartbeatTimeout.isZero() || heartbeatTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "heartbeat_timeout must be positive, not " + heartbeatTimeout);
    }
    excludedZones = Set.copyOf(excludedZones);
  }

  /** Default strategy, no zone excluded. */
  public RingOptions(
      String name, int replicationFactor, boolean zoneAware, Duration heartbeatTimeout) {
    this(
        name,
        replicationFactor,
        zoneAware,
        heartbeatTimeout,
        ReplicationStrategy.DEFAULT,
        Set.of());
  }
}
