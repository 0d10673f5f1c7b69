package io.ringdaemon.store.consul;

import io.ringdaemon.store.Tls;
import java.time.Duration;
import java.util.Optional;

/**
 * How Consul is reached.
 *
 * @param host {@code host:port} of an agent
 * @param token empty: the anonymous one
 * @param requestTimeout of one request
 * @param watchTimeout of one that waits for a change
 * @param consistentReads each read is confirmed by a quorum; else the leader answers, and watches
 *     any server
 */
public record ConsulConfig(
    String host,
    String token,
    Duration requestTimeout,
    Duration watchTimeout,
    boolean consistentReads,
    WatchRate watchRate,
    Optional<Tls> tls) {
  /**
   * How often a watch may ask again.
   *
   * @param perSecond 0: as often as something changes
   * @param burst how many questions may follow each other at once
   */
  public record WatchRate(double perSecond, int burst) {
    public static final WatchRate DEFAULT = new WatchRate(1, 2);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Consul at " + host;
  }
}
