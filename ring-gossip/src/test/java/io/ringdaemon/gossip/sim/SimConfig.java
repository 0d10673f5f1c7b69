package io.ringdaemon.gossip.sim;

import io.ringdaemon.gossip.store.GossipConfig;
import io.ringdaemon.member.AutoForget;
import io.ringdaemon.member.RingMember.ElectionRules;
import io.ringdaemon.ring.RingOptions;
import java.time.Duration;

/** How each node of a simulation is configured. */
public record SimConfig(
    int tokens,
    Duration heartbeatPeriod,
    RingOptions options,
    AutoForget autoForget,
    ElectionRules election,
    GossipConfig gossip) {
  public static final SimConfig DEFAULTS =
      new SimConfig(
          4,
          Duration.ofSeconds(5),
          new RingOptions("default", 3, false, Duration.ofMinutes(1)),
          new AutoForget(true, Duration.ofMinutes(10), false),
          ElectionRules.DEFAULTS,
          GossipConfig.DEFAULTS);

  public SimConfig tokens(int tokens) {
    return new SimConfig(tokens, heartbeatPeriod, options, autoForget, election, gossip);
  }

  public SimConfig heartbeatPeriod(Duration period) {
    return new SimConfig(tokens, period, options, autoForget, election, gossip);
  }

  public SimConfig election(ElectionRules rules) {
    return new SimConfig(tokens, heartbeatPeriod, options, autoForget, rules, gossip);
  }
}
