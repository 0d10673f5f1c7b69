package io.ringdaemon.gossip.store;

import java.time.Duration;

/**
 * How values are gossiped.
 *
 * @param gossipInterval between two rounds of broadcasts
 * @param gossipNodes peers told in a round
 * @param pullPushInterval between two comparisons of everything, signs of life too, with a random
 *     peer; a small one of all else follows each second
 * @param tombstoneRetention how long a removal is remembered
 */
public record GossipConfig(
    Duration gossipInterval,
    int gossipNodes,
    Duration pullPushInterval,
    Duration tombstoneRetention,
    ZoneRouting zoneRouting) {
  public static final GossipConfig DEFAULTS =
      new GossipConfig(
          Duration.ofMillis(200), 3, Duration.ofSeconds(30), Duration.ofDays(2), ZoneRouting.OFF);

  /**
   * Gossip within a zone, and by bridges across.
   *
   * @param zone this node's; empty: as if not enabled
   * @param bridge this node is one in any case; else it is one while its name is among the lowest
   *     of its zone
   */
  public record ZoneRouting(boolean enabled, String zone, boolean bridge) {
    public static final ZoneRouting OFF = new ZoneRouting(false, "", false);
  }

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
