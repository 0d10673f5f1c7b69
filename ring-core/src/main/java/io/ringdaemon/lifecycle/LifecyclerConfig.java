package io.ringdaemon.lifecycle;

import io.ringdaemon.model.InstanceDesc.Origin;
import java.time.Duration;

/**
 * How an instance lives in a ring.
 *
 * @param instanceId its key in the ring
 * @param addr where its application is reached, {@code host:port}
 * @param origin the node that speaks for it
 * @param observePeriod how long its tokens must stay its own before it is ACTIVE; zero: at once
 * @param aloneAfter how long to wait for a first peer before beginning alone
 * @param unregisterOnShutdown whether leaving removes it from the ring
 * @param options what few need to set
 */
public record LifecyclerConfig(
    String instanceId,
    String addr,
    String zone,
    Origin origin,
    int numTokens,
    Duration observePeriod,
    Duration heartbeatPeriod,
    Duration aloneAfter,
    boolean unregisterOnShutdown,
    LifecycleOptions options) {
  public LifecyclerConfig {
    if (instanceId.isEmpty()) {
      throw new IllegalArgumentException("instance_id must not be empty");
    }
    if (numTokens < 1 || numTokens > 1 << 20) {
      throw new IllegalArgumentException("num_tokens must be 1 to 1048576, not " + numTokens);
    }
    if (heartbeatPeriod.isZero() || heartbeatPeriod.isNegative()) {
      throw new IllegalArgumentException(
          "heartbeat_period must be positive, not " + heartbeatPeriod);
    }
    if (observePeriod.isNegative()) {
      throw new IllegalArgumentException(
          "tokens_observe_period must not be negative, is " + observePeriod);
    }
  }

  /** With {@link LifecycleOptions#DEFAULTS}. */
  public LifecyclerConfig(
      String instanceId,
      String addr,
      String zone,
      Origin origin,
      int numTokens,
      Duration observePeriod,
      Duration heartbeatPeriod,
      Duration aloneAfter,
      boolean unregisterOnShutdown) {
    this(
        instanceId,
        addr,
        zone,
        origin,
        numTokens,
        observePeriod,
        heartbeatPeriod,
        aloneAfter,
        unregisterOnShutdown,
        LifecycleOptions.DEFAULTS);
  }

  public LifecyclerConfig withOptions(LifecycleOptions options) {
    return new LifecyclerConfig(
        instanceId,
        addr,
        zone,
        origin,
        numTokens,
        observePeriod,
        heartbeatPeriod,
        aloneAfter,
        unregisterOnShutdown,
        options);
  }
}
