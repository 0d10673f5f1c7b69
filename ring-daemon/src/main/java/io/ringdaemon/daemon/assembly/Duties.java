package io.ringdaemon.daemon.assembly;

import io.ringdaemon.daemon.lead.LeadDesk;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * What a daemon does for one ring besides being in it: leases for {@code ring-daemon lead}.
 * Confined to the loop.
 */
final class Duties {
  private static final Duration LONGEST_PARTING = Duration.ofSeconds(5);

  private final Optional<LeadDesk> leases;

  Duties(World world, KvStore store, RingMember member, long life) {
    this.leases = member.leadership().map(elected -> new LeadDesk(world, store, member, life));
  }

  /** Empty where nobody is elected, or not by this node. */
  Optional<LeadDesk> leases() {
    return leases;
  }

  /** This node leaves the ring: completes when that is done, or not in time. */
  CompletionStage<Void> part() {
    return leases
        .map(LeadDesk::part)
        .orElse(CompletableFuture.completedFuture(null))
        .toCompletableFuture()
        .completeOnTimeout(null, LONGEST_PARTING.toMillis(), TimeUnit.MILLISECONDS);
  }
}
