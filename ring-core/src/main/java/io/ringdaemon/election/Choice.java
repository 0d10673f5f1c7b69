package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import java.util.List;
import java.util.Optional;

/**
 * Whom the policy chooses, as one node sees it, and whom it would choose if that node, or whoever
 * leads, were not there; and so whether this one may lead on. Pure, confined to the loop.
 */
final class Choice {
  private final Election.Config rules;
  private final Candidates candidates;
  private final Fitness fitness;

  Choice(Election.Config rules, Candidates candidates, Fitness fitness) {
    this.rules = rules;
    this.candidates = candidates;
    this.fitness = fitness;
  }

  /** Why this node may not lead. */
  Optional<Obstacle> unfit(Sight sight) {
    return fitness.unfit(sight, candidates);
  }

  Optional<Instance> of(Sight sight) {
    return unfit(sight).isEmpty() ? choose(sight, able(sight)) : withoutSelf(sight);
  }

  Optional<Instance> withoutSelf(Sight sight) {
    return choose(sight, without(rules.instanceId(), able(sight)));
  }

  boolean isSelf(Sight sight) {
    return isSelf(of(sight));
  }

  /** Whether it is the one its peers wait for, fit or not. */
  boolean isSelfIfFit(Sight sight) {
    return isSelf(choose(sight, able(sight)));
  }

  /** Whether it would be its turn if {@code holder} were gone. */
  boolean isHeir(String holder, Sight sight) {
    return unfit(sight).isEmpty() && isSelf(choose(sight, without(holder, able(sight))));
  }

  /** Why this node must no longer lead by {@code claim}; empty: it may. */
  Optional<String> reasonToStop(Claim claim, Sight sight) {
    if (!sight.held().equals(Optional.of(claim))) {
      return Optional.of("another claimed with epoch " + sight.heard().epoch());
    }
    if (claim.epoch() < sight.heard().floor()) {
      return Optional.of("a higher epoch was in use before, " + sight.heard().floor());
    }
    Optional<Instance> own = sight.ring().instance(rules.instanceId());
    if (own.filter(one -> one.state() == InstanceState.ACTIVE).isEmpty()) {
      return Optional.of("its instance is no longer ACTIVE");
    }
    if (!own.get().health().well()) {
      return Optional.of("its instance isn't healthy: " + own.get().health().detail());
    }
    Optional<Obstacle> unfit = unfit(sight);
    if (unfit.isPresent() && unfit.get().kind() != Obstacle.Kind.EPOCH_UNWRITABLE) {
      return Optional.of("it " + unfit.get().text());
    }
    return of(sight)
        .map(Instance::id)
        .filter(id -> !id.equals(rules.instanceId()))
        .map(id -> id + " should lead now");
  }

  private List<Instance> able(Sight sight) {
    return candidates.of(sight.ring(), sight.heard(), sight.nanoTime());
  }

  private static List<Instance> without(String id, List<Instance> some) {
    return some.stream().filter(one -> !one.id().equals(id)).toList();
  }

  private Optional<Instance> choose(Sight sight, List<Instance> able) {
    Optional<String> holder =
        sight.held().filter(held -> sight.sitting(held).isPresent()).map(Claim::instanceId);
    return rules.policy().choose(able, holder);
  }

  private boolean isSelf(Optional<Instance> choice) {
    return choice.map(Instance::id).equals(Optional.of(rules.instanceId()));
  }
}
