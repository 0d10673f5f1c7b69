package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Claim;

/** Where a {@link Candidacy} stands; its steps are numbered, so that late answers are known. */
sealed interface Stand {
  /** The step whose end is awaited; 0: none is. */
  default long step() {
    return 0;
  }

  record Watching() implements Stand {}

  /** A suspect holder is being asked. */
  record Asking(long step, String holder) implements Stand {}

  /** The store's lock is being waited for. */
  record Locking(long step, Motive motive) implements Stand {}

  /** The epoch is on its way to the disk. */
  record Recording(long step, Motive motive) implements Stand {}

  /** The claim is on its way to the store. */
  record Claiming(long step, Claim claim, Motive motive) implements Stand {}

  record Leading(Claim claim, boolean handedOver) implements Stand {}

  /** Why it claims, and whether the one before had let go, or nobody ever led. */
  record Motive(String why, boolean handedOver) {}
}
