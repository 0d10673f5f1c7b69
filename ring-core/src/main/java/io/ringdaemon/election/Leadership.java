package io.ringdaemon.election;

import java.time.Instant;
import java.util.Optional;

/**
 * Who leads a ring, as this node saw it. Who leads can't be read without saying when: a node's own
 * lead is good for a second at a time, so that a process that was frozen never answers "I lead"
 * from before its sleep.
 *
 * <p><b>Threading:</b> immutable; any thread. Times are elapsed nanoseconds of this node ({@code
 * World.nanoTime}).
 */
public final class Leadership {
  /** The holder of a claim. */
  public record Leader(String instanceId, String addr, long epoch) {}

  /**
   * How a ring's leaders come about.
   *
   * @param policy name of the rule that says who should lead
   * @param strength {@code advisory}: one leader per connected part of the cluster; {@code strong}:
   *     the store's lock stands behind it
   */
  public record Rules(String policy, String strength) {
    public static final Rules DEFAULTS = new Rules(Policy.LOWEST_TOKEN.word(), "advisory");
  }

  private final Optional<Leader> leader;
  private final long epoch;
  private final Instant since;
  private final Rules rules;
  private final Optional<String> lowestTokenOwner;
  private final String selfId;
  private final long validUntil;
  private final boolean handedOver;
  private final Optional<Obstacle> obstacle;

  /**
   * Made by the election, and by tests.
   *
   * @param validUntil up to when this node may say that it leads, if it is the leader
   */
  public Leadership(
      Optional<Leader> leader,
      long epoch,
      Instant since,
      Rules rules,
      Optional<String> lowestTokenOwner,
      String selfId,
      long validUntil,
      boolean handedOver,
      Optional<Obstacle> obstacle) {
    this.leader = leader;
    this.epoch = epoch;
    this.since = since;
    this.rules = rules;
    this.lowestTokenOwner = lowestTokenOwner;
    this.selfId = selfId;
    this.validUntil = validUntil;
    this.handedOver = handedOver;
    this.obstacle = obstacle;
  }

  /** Before anything is known. */
  public static Leadership nobody(Rules rules, String selfId, Instant since) {
    return new Leadership(
        Optional.empty(), 0, since, rules, Optional.empty(), selfId, 0, false, Optional.empty());
  }

  /** The leader at {@code nanoTime}: nobody once this node's own claim is no longer confirmed. */
  public Optional<Leader> leaderAt(long nanoTime) {
    return leader.filter(
        someone -> !someone.instanceId().equals(selfId) || validUntil - nanoTime > 0);
  }

  /** Whether this node leads at {@code nanoTime}. */
  public boolean selfLeads(long nanoTime) {
    return leaderAt(nanoTime).filter(someone -> someone.instanceId().equals(selfId)).isPresent();
  }

  /** The highest epoch seen, be its holder gone or not; 0: nobody ever led. */
  public long epoch() {
    return epoch;
  }

  /** When the leader claimed, or, if nobody leads, since when that has been so. */
  public Instant since() {
    return since;
  }

  /** Name of the rule that says who should lead. */
  public String policy() {
    return rules.policy();
  }

  /** {@code advisory} or {@code strong}. */
  public String strength() {
    return rules.strength();
  }

  /** Whom dskit's rule would name, foreign or not. */
  public Optional<String> lowestTokenOwner() {
    return lowestTokenOwner;
  }

  /** Instance id of this node in the ring. */
  public String selfId() {
    return selfId;
  }

  /**
   * Whether this node, if it leads, was given the lead by the one before, who had stepped down by
   * itself, or is the first ever to lead: nobody can still be at work under an older epoch unless
   * it ignores what its daemon says.
   */
  public boolean handedOver() {
    return handedOver;
  }

  /** Why this node can't lead now; empty: nothing stands in its way. */
  public Optional<Obstacle> obstacle() {
    return obstacle;
  }

  /** Whether both name the same leader under the same epoch, whatever the time. */
  boolean sameLeader(Leadership other) {
    return leader.equals(other.leader) && epoch == other.epoch;
  }

  /** This with the earlier moment if nobody led before either. */
  Leadership nobodySince(Leadership before) {
    return before.leader.isPresent()
        ? this
        : new Leadership(
            leader,
            epoch,
            before.since,
            rules,
            lowestTokenOwner,
            selfId,
            validUntil,
            handedOver,
            obstacle);
  }

  @Override
  public String toString() {
    return "%s epoch %d%s"
        .formatted(
            leader.map(Leader::instanceId).orElse("nobody"),
            epoch,
            obstacle.map(it -> " (" + it.text() + ")").orElse(""));
  }
}
