package io.ringdaemon.daemon.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * One ring.
 *
 * @param key empty: the ring's name; see {@link #storeKey}
 * @param register false: only look, never become a member of this ring
 * @param instanceId empty: the node's name; see {@link #instanceIdOr}
 * @param instanceAddr the application this daemon speaks for; empty: advertise host and HTTP port
 * @param tokensFilePath empty: a file in the data directory
 */
public record RingConfig(
    KvStoreConfig kvstore,
    String key,
    boolean register,
    int numTokens,
    Duration tokensObservePeriod,
    Duration heartbeatPeriod,
    Duration heartbeatTimeout,
    int replicationFactor,
    boolean zoneAwarenessEnabled,
    String instanceId,
    String instanceAddr,
    int instancePort,
    String instanceZone,
    AutoForget autoForget,
    boolean unregisterOnShutdown,
    String tokensFilePath,
    LeaderElection leaderElection) {

  public static final RingConfig DEFAULTS =
      new RingConfig(
          KvStoreConfig.DEFAULTS,
          "",
          true,
          128,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          3,
          false,
          "",
          "",
          0,
          "",
          AutoForget.DEFAULTS,
          true,
          "",
          LeaderElection.DEFAULTS);

  public RingConfig {
    InvalidSetting.unless(key.length() <= 512, "key", key, "at most 512 characters");
    InvalidSetting.unlessWithin("num_tokens", numTokens, 1, 16384);
    InvalidSetting.unlessWithin("tokens_observe_period", tokensObservePeriod, "0s", "1h");
    InvalidSetting.unlessWithin("heartbeat_period", heartbeatPeriod, "100ms", "1h");
    InvalidSetting.unlessWithin("heartbeat_timeout", heartbeatTimeout, "1s", "24h");
    InvalidSetting.unless(
        heartbeatTimeout.compareTo(heartbeatPeriod) > 0,
        "heartbeat_timeout",
        GoDuration.print(heartbeatTimeout),
        "more than heartbeat_period, which is " + GoDuration.print(heartbeatPeriod));
    InvalidSetting.unlessWithin("replication_factor", replicationFactor, 1, 100);
    InvalidSetting.unlessWithin("instance_port", instancePort, 0, 65535);
    InvalidSetting.unless(
        instanceId.length() <= 255, "instance_id", instanceId, "at most 255 characters");
    InvalidSetting.unless(
        instanceZone.length() <= 255, "instance_zone", instanceZone, "at most 255 characters");
  }

  /** The key under which the value of the ring called {@code name} is stored. */
  public String storeKey(String name) {
    return kvstore.prefix() + (key.isEmpty() ? name : key);
  }

  /** The id under which this node registers. */
  public String instanceIdOr(String nodeName) {
    return instanceId.isEmpty() ? nodeName : instanceId;
  }

  /**
   * Forgetting instances that have been unhealthy for long.
   *
   * @param foreign also those that no ring-daemon registered
   */
  public record AutoForget(boolean enabled, Duration after, boolean foreign) {
    public static final AutoForget DEFAULTS = new AutoForget(true, Duration.ofMinutes(10), false);

    public AutoForget {
      InvalidSetting.unlessWithin("after", after, "1s", "8760h");
    }
  }

  /**
   * Whether this ring has a leader and who should be it (docs/election-policies.md).
   *
   * @param takeOverDelay how long after a leader fell silent another may claim
   * @param minVisible fewest instances, its own among them, a node must see to lead; 0: any
   */
  public record LeaderElection(
      boolean enabled, Policy policy, Duration takeOverDelay, int minVisible) {
    public static final LeaderElection DEFAULTS =
        new LeaderElection(true, Policy.LOWEST_TOKEN, Duration.ZERO, 0);

    public LeaderElection {
      InvalidSetting.unlessWithin("take_over_delay", takeOverDelay, "0s", "1h");
      InvalidSetting.unlessWithin("min_visible", minVisible, 0, 10_000);
    }
  }

  /** Who should lead. */
  public enum Policy {
    @JsonProperty("lowest-token")
    LOWEST_TOKEN,
    @JsonProperty("sticky-lowest-token")
    STICKY_LOWEST_TOKEN,
    @JsonProperty("oldest")
    OLDEST
  }
}
