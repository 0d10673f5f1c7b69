package io.ringdaemon.election;

import java.util.concurrent.CompletionStage;

/**
 * A store's own lock (a lease in etcd, a session in Consul) that a node must hold to lead a ring:
 * {@code strength: strong}. Gossip rings have none. The election asks for it when the policy chose
 * this node, claims only once it is held, and lets it go when the policy chooses another.
 *
 * <p><b>Threading:</b> confined to the loop; stages complete and {@code lost} is called there.
 */
public interface LeaderLock {
  /**
   * Waits for the lock as long as it takes; completes once it is held. Ends in failure if the store
   * refuses, or when {@link #release} is called before it is held.
   *
   * @param lost called once, when a lock that was held no longer is without having been released
   */
  CompletionStage<Void> acquire(Runnable lost);

  /**
   * Elapsed nanoseconds up to which it is certain that nobody else holds it: the last renewal plus
   * its time to live, less a margin. Meaningless while it isn't held.
   */
  long heldUntil();

  /**
   * Whether nobody holds it; to be asked about once a second where the answer counts, since some
   * stores tell a holder that fell silent only by its not renewing it between one question and the
   * next. Fails if the store doesn't answer.
   */
  CompletionStage<Boolean> vacant();

  /** Lets it go, or stops waiting for it; completes when others may have it. Never fails. */
  CompletionStage<Void> release();
}
