package io.ringdaemon.election;

import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.time.Instant;
import java.util.Optional;

/**
 * All an election looks at, at one moment.
 *
 * @param heard the leader record as known here
 * @param disk why no epoch can be kept; empty: it can
 * @param nanoTime elapsed time of this node
 * @param wall its clock
 */
record Sight(Ring ring, LeaderRecord heard, Optional<Obstacle> disk, long nanoTime, Instant wall) {

  /** The claim that nobody has let go. */
  Optional<LeaderRecord.Claim> held() {
    return heard.claim().filter(claim -> !claim.released());
  }

  /**
   * The instance behind a claim if it is still there to lead: the same life, ACTIVE, not known to
   * be ill. A suspect still is.
   */
  Optional<Instance> sitting(LeaderRecord.Claim claim) {
    return ring.instance(claim.instanceId())
        .filter(one -> one.state() == InstanceState.ACTIVE && one.health().healthy())
        .filter(one -> sameLife(one, claim));
  }

  /** Whether somebody leads by this claim, as far as can be seen from here. */
  boolean leads(LeaderRecord.Claim claim) {
    return sitting(claim).filter(holder -> holder.health().well()).isPresent();
  }

  /** Whether the holder is seen on its way out, which it only is after it let the claim go. */
  boolean leaving(LeaderRecord.Claim claim) {
    return ring.instance(claim.instanceId())
        .filter(one -> one.state() == InstanceState.LEAVING && sameLife(one, claim))
        .isPresent();
  }

  /** Members of other programs drop our fields: where the life is unknown it is not compared. */
  private static boolean sameLife(Instance instance, LeaderRecord.Claim claim) {
    Origin origin = instance.desc().origin();
    return !origin.known() || origin.life() == claim.life();
  }

  static boolean suspected(Instance instance) {
    return instance.health().reason().equals(Optional.of(Health.Reason.SUSPECTED));
  }

  /** How many instances of ring-daemons are well, of any state. */
  int visible() {
    return (int)
        ring.instances().stream()
            .filter(one -> one.health().well() && one.desc().ofRingDaemon())
            .count();
  }

  /**
   * Instances that are well but for {@code selfId}, of any program. A suspect doesn't count: who is
   * cut off suspects the others seconds before it declares them dead.
   */
  int others(String selfId) {
    return (int)
        ring.instances().stream()
            .filter(other -> !other.id().equals(selfId) && other.health().well())
            .count();
  }
}
