package io.ringdaemon.election;

import java.time.Instant;
import java.util.Optional;

/**
 * Who leads a ring, as this node sees it. Immutable.
 *
 * @param leader empty: nobody leads
 * @param epoch the highest epoch seen, be its holder gone or not; 0: nobody ever led
 * @param since when the leader claimed, or, if nobody leads, since when that has been so
 * @param policy name of the rule that says who should lead
 * @param strength {@code advisory}: one leader per connected part of the cluster; {@code strong}:
 *     the store's lock stands behind it
 * @param lowestTokenOwner whom dskit's rule would name, foreign or not
 * @param selfId instance id of this node in the ring
 * @param validUntil elapsed nanoseconds up to which this node may say that it leads
 * @param obstacle why this node can't lead now, in words; empty: nothing stands in its way
 */
public record Leadership(
    Optional<Leader> leader,
    long epoch,
    Instant since,
    String policy,
    String strength,
    Optional<String> lowestTokenOwner,
    String selfId,
    long validUntil,
    String obstacle) {

  /** The holder of a claim. */
  public record Leader(String instanceId, String addr, long epoch) {}

  /** Before anything is known. */
  public static Leadership nobody(String policy, String selfId, Instant since) {
    return new Leadership(
        Optional.empty(), 0, since, policy, "advisory", Optional.empty(), selfId, 0, "");
  }

  /**
   * Whether this node leads at {@code nanoTime} of its own elapsed time. A process that was frozen
   * reads an old view, but a true clock: it never answers "I lead" from before its sleep.
   */
  public boolean selfLeads(long nanoTime) {
    return leader.isPresent()
        && leader.get().instanceId().equals(selfId)
        && validUntil - nanoTime > 0;
  }

  /** The leader at {@code nanoTime}: nobody once this node's own claim is no longer confirmed. */
  public Optional<Leader> leaderAt(long nanoTime) {
    return leader.filter(
        someone -> !someone.instanceId().equals(selfId) || validUntil - nanoTime > 0);
  }
}
