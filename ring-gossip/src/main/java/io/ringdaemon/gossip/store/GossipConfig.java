package io.ringdaemon.gossip.store;

import java.time.Duration;

/**
 * How values are gossiped.
 *
 * @param gossipInterval between two rounds of broadcasts
 * @param gossipNodes peers told in a round
 * @param pullPushInterval between two exchanges of everything with a random peer
 * @param tombstoneRetention how long a removal is remembered
 */
public record GossipConfig(
    Duration gossipInterval,
    int gossipNodes,
    Duration pullPushInterval,
    Duration tombstoneRetention) {
  public static final GossipConfig DEFAULTS =
      new GossipConfig(Duration.ofMillis(200), 3, Duration.ofSeconds(10), Duration.ofDays(2));

  public GossipConfig {
    positive("gossip_interval", gossipInterval);
    positive("pull_push_interval", pullPushInterval);
    positive("tombstone_retention", tombstoneRetention);
    if (gossipNodes < 1) {
      throw new IllegalArgumentException("gossip_nodes must be 1 or more, not " + gossipNodes);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
