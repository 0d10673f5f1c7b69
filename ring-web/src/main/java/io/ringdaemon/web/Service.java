package io.ringdaemon.web;

import io.ringdaemon.election.WorkLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Everything HTTP can ask of a daemon. Reading is from immutable snapshots; changes run on the
 * daemon's loop and complete when this node's own view shows them.
 *
 * <p><b>Threading:</b> any thread; nothing blocks. Stages complete on the loop.
 */
public interface Service {
  NodeStatus node();

  /** Every ring, in the order of the configuration. */
  List<RingStatus> rings();

  Optional<RingStatus> ring(String name);

  /** This node first, then the peers by name, dead and departed ones among them. */
  List<MemberStatus> members();

  /** Keys of the gossip store, by name; empty when no ring gossips. */
  List<KeyStatus> keys();

  /** The value of a key in words, for looking at, tombstones included. */
  Optional<String> keyText(String key);

  /** Why this node isn't ready yet, one line each; empty: ready. */
  List<String> notReady();

  /** The configuration in effect as YAML, secrets hidden. */
  String configuration();

  /** Elapsed nanoseconds, to be compared with {@code Leadership.validUntil}. */
  long nanoTime();

  /**
   * Completes with the ring's status once its index is greater than {@code index}, or after {@code
   * wait}. An index from the future is answered at once. Fails for an unknown ring. Whoever no
   * longer waits cancels the stage's future: the service then forgets it, so that waits don't pile
   * up.
   */
  CompletionStage<RingStatus> changed(String ring, long index, Duration wait);

  /** Who led the ring before its present leader; empty: nobody this node heard of. */
  Optional<Predecessor> predecessor(String ring);

  /**
   * {@code holder} asks to do the leader's work on this node, or to go on with it. Fails where this
   * node is in no election.
   */
  CompletionStage<WorkLease.Answer> lease(String ring, String holder);

  /** The work of {@code holder} has ended; completes with whether it had a lease. */
  CompletionStage<Boolean> giveBack(String ring, String holder);

  /**
   * Removes instances from a ring. {@code allOrNothing}: nothing is changed unless all are in it.
   * Completes when this node's view shows it, or fails with {@code TimeoutException} after 4 s.
   *
   * @param actor who asks, for the event log: address and way
   */
  CompletionStage<ForgetResult> forget(
      String ring, List<String> ids, boolean allOrNothing, String actor);

  /** Contacts further gossip addresses; completes with the number that answered. */
  CompletionStage<Integer> join(List<String> addresses);

  /** Begins to leave all rings and the mesh; completes when done. */
  CompletionStage<Void> leave();

  /**
   * What became of each id.
   *
   * @param absent ids that were removed before: a tombstone is known
   * @param unknown ids never heard of
   * @param living those of {@code forgotten} that were well when they were: they register anew
   */
  record ForgetResult(
      List<String> forgotten, List<String> absent, List<String> unknown, List<String> living) {}
}
