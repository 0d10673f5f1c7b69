package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.checks.Checks;
import io.ringdaemon.daemon.config.RingConfig;
import io.ringdaemon.daemon.hooks.Hooks;
import io.ringdaemon.daemon.lead.LeadDesk;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What a daemon does for one ring besides being in it: leases for {@code ring-daemon lead}, hooks,
 * and health checks of the application. Confined to the loop.
 */
final class Duties {
  private static final Duration LONGEST_PARTING = Duration.ofSeconds(5);

  private static final Duration LONGEST_HOOKS = Duration.ofSeconds(3);

  private final Optional<LeadDesk> leases;
  private final Optional<Hooks> hooks;

  Duties(
      World world,
      KvStore store,
      RingMember member,
      RingConfig config,
      long life,
      Metrics metrics) {
    this.leases = member.election().map(elected -> new LeadDesk(world, store, member, life));
    this.hooks =
        member
            .election()
            .filter(elected -> Hooks.wanted(config.leaderElection()))
            .map(elected -> new Hooks(world, config.leaderElection(), member, metrics));
    if (!config.checks().isEmpty() && config.register()) {
      new Checks(world, config.checks(), member, metrics).start();
    }
  }

  /** Empty where nobody is elected, or not by this node. */
  Optional<LeadDesk> leases() {
    return leases;
  }

  /** This node leaves the ring: completes when all is done that must be, or not in time. */
  CompletionStage<Void> part() {
    CompletionStage<Void> nothing = CompletableFuture.completedFuture(null);
    return leases
        .map(LeadDesk::part)
        .orElse(nothing)
        .runAfterBoth(hooks.map(some -> some.part(LONGEST_HOOKS)).orElse(nothing), () -> {})
        .toCompletableFuture()
        .completeOnTimeout(null, LONGEST_PARTING.toMillis(), TimeUnit.MILLISECONDS);
  }
}
