package io.ringdaemon.election;

/**
 * Why this node can't lead now.
 *
 * @param text the same in words, for people
 */
public record Obstacle(Kind kind, String text) {
  /** What stands in its way. */
  public enum Kind {
    /** The epoch it has seen can't be read: somebody must mend the file. */
    EPOCH_UNREADABLE(true),
    /** An epoch can't be written to disk. */
    EPOCH_UNWRITABLE(true),
    /** The store did not take its last heartbeat. */
    HEARTBEAT_REFUSED(false),
    /** It sees fewer instances than {@code min_visible}. */
    TOO_FEW_VISIBLE(false),
    /** It stepped down, stood still or was ill lately. */
    ON_PROBATION(false),
    /** It was asked to step down, and nobody else has led since. */
    RESIGNED(false),
    /** The old leader fell silent less than {@code take_over_delay} ago. */
    TAKE_OVER_DELAY(false),
    /** The store's lock is still with somebody else. */
    LOCK_ELSEWHERE(false);

    private final boolean mend;

    Kind(boolean mend) {
      this.mend = mend;
    }
  }

  /** Whether it stays until somebody mends this node. */
  public boolean mustBeMended() {
    return kind.mend;
  }
}
