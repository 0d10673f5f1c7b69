package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.ring.Instance;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link Candidacy} wants done. {@code step} comes back with what became of it. */
sealed interface Directive {
  /** Ask the node directly; then {@link Candidacy#onProbed}. */
  record Probe(long step, Origin node) implements Directive {}

  /** Acquire the lock; then {@link Candidacy#onLocked} or {@link Candidacy#onFailed}. */
  record Lock(long step) implements Directive {}

  record Unlock() implements Directive {}

  /**
   * Ask whether nobody holds the lock that {@code held} needs; then {@link Candidacy#onLockSeen}.
   */
  record AskLock(Claim held) implements Directive {}

  /**
   * Bring the next epoch to the disk; then {@link Candidacy#onRecorded} or {@link
   * Candidacy#onFailed}.
   */
  record KeepEpoch(long step) implements Directive {}

  /**
   * Write the claim if it is the highest; then {@link Candidacy#onClaimed} or {@link
   * Candidacy#onFailed}.
   */
  record Stake(long step, Claim claim) implements Directive {}

  /** Write that the claim is let go, and tell the successor directly. */
  record Release(Claim claim, @Nullable Abstention with, Optional<Instance> successor)
      implements Directive {}

  /** Write "not me for now"; of no length: "me again". */
  record Abstain(Abstention abstention) implements Directive {}

  record Note(String kind, String text) implements Directive {}
}
