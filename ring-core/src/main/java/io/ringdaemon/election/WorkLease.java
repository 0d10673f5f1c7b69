package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.election.LeaderRecord.Ended;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may do, on this node and now, the work that only the leader does ({@code ring-daemon lead}).
 * One holder at a time has a lease of {@link #LEASE} from the moment it asked and asks again and
 * again; it promises that its work has stopped a second before the lease runs out.
 *
 * <pre>
 *   FREE ──asks, this node leads, work under the claim before has ended──▶ HELD ──given back, or 3 s unheard──▶ FREE
 *    ▲                                                        └──asks again, same epoch──┘
 *    └─ claim released or outbid, FREE, work before it had ended: say so in the leader record (Ended)
 * </pre>
 *
 * <p><b>Work under the claim before has ended</b> when its holder said so and {@link #SETTLE} has
 * passed since our claim (a rival's claim with the same epoch would be here by then), or when
 * {@link #LEASE} has passed since our claim. The latter is enough: the earlier leader's node
 * answered "you may" for the last time before it released its claim, died, was cut off, or heard of
 * ours.
 *
 * <p><b>Promises</b> that no two nodes grant leases that overlap, as long as a claim reaches the
 * node that led before within a second. <b>Not</b> while nodes are cut off from each other: then
 * there is a leader on each side, and the epoch tells them apart.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Time:</b> elapsed, passed in. <b>Bounds:</b> one
 * holder, three claims.
 */
public final class WorkLease {
  public static final Duration LEASE = Duration.ofSeconds(3);
  static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofMillis(250);

  /**
   * What a holder is told.
   *
   * @param epoch under which it may work; 0 if it may not
   * @param pause after which asking again makes sense, if it may not
   * @param reason why not; empty if it may
   */
  public record Answer(boolean granted, long epoch, Duration pause, String reason) {}

  /** The claim before the present one, and whether its work is known to have ended. */
  public record Predecessor(Claim claim, boolean ended) {}

  private record Holder(String name, long epoch, long until) {}

  /** This node's latest claim in this life. */
  private record Own(long epoch, @Nullable Claim before, long since) {}

  private final String instanceId;
  private final long life;
  private LeaderRecord heard = LeaderRecord.EMPTY;
  private @Nullable Claim present;
  private @Nullable Claim before;
  private @Nullable Own own;
  private @Nullable Holder holder;

  /** For claims of {@code instanceId} in this {@code life} of its node. */
  public WorkLease(String instanceId, long life) {
    this.instanceId = instanceId;
    this.life = life;
  }

  /** The leader record changed. */
  public void onRecord(LeaderRecord changed, long nanoTime) {
    heard = changed;
    Claim claim = changed.claim().orElse(null);
    if (claim == null) {
      return;
    }
    Claim last = present;
    if (last != null && claim.epoch() > last.epoch()) {
      before = last;
    }
    present = claim;
    if (isMine(claim) && (own == null || own.epoch != claim.epoch())) {
      own = new Own(claim.epoch(), before, nanoTime);
    }
  }

  private boolean isMine(Claim claim) {
    return claim.instanceId().equals(instanceId) && claim.life() == life;
  }

  /** Whose turn it was before the present claim; empty: nobody's, as far as this node heard. */
  public Optional<Predecessor> predecessor() {
    return Optional.ofNullable(before)
        .map(claim -> new Predecessor(claim, heard.ended().of(claim)));
  }

  /** {@code name} asks for a lease, or for its lease to go on. */
  public Answer ask(String name, Leadership leadership, long nanoTime) {
    if (!leadership.selfLeads(nanoTime)) {
      return refused(
          SOON,
          leadership
              .leaderAt(nanoTime)
              .map(leader -> leader.instanceId() + " leads with epoch " + leader.epoch())
              .orElse("nobody leads"));
    }
    Own mine = own;
    Claim claim = present;
    if (mine == null || claim == null || !isMine(claim) || claim.released()) {
      return refused(SOON, "the claim is not settled yet");
    }
    Holder holding = held(nanoTime);
    if (holding != null && !holding.name.equals(name)) {
      return refused(
          Duration.ofNanos(holding.until - nanoTime), "another command runs here for this ring");
    }
    if (holding != null && holding.epoch != mine.epoch) {
      return refused(SOON, "the lead was lost since; epoch " + holding.epoch + " is over");
    }
    long wait = holding == null ? untilFree(mine) - nanoTime : 0;
    if (wait > 0) {
      return refused(
          Duration.ofNanos(wait), "the command of the leader before may not have ended yet");
    }
    holder = new Holder(name, mine.epoch, nanoTime + LEASE.toNanos());
    return new Answer(true, mine.epoch, Duration.ZERO, "");
  }

  private static Answer refused(Duration pause, String reason) {
    return new Answer(false, 0, pause, reason);
  }

  private @Nullable Holder held(long nanoTime) {
    Holder holding = holder;
    return holding != null && holding.until - nanoTime > 0 ? holding : null;
  }

  /** When work under the claim before {@code mine} has ended for certain. */
  private long untilFree(Own mine) {
    boolean said = mine.before != null && heard.ended().of(mine.before);
    return mine.since + (said ? SETTLE : LEASE).toNanos();
  }

  /** The work of {@code name} has ended; whether it had a lease. */
  public boolean giveBack(String name, long nanoTime) {
    Holder holding = held(nanoTime);
    if (holding == null || !holding.name.equals(name)) {
      return false;
    }
    holder = null;
    return true;
  }

  /** Whether somebody may be working on this node. */
  public boolean busy(long nanoTime) {
    return held(nanoTime) != null;
  }

  /**
   * What the leader record should say and doesn't: that work under this node's last claim has
   * ended. Not before the claim was released or outbid: it could work again.
   */
  public Optional<Ended> due(long nanoTime) {
    Own mine = own;
    Claim claim = present;
    if (mine == null
        || claim == null
        || (isMine(claim) ? !claim.released() : claim.epoch() <= mine.epoch)
        || held(nanoTime) != null
        || untilFree(mine) - nanoTime > 0
        || heard.ended().epoch() >= mine.epoch) {
      return Optional.empty();
    }
    return Optional.of(new Ended(mine.epoch, instanceId));
  }
}
