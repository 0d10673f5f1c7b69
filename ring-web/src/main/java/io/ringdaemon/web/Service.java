package io.ringdaemon.web;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Result;
import io.ringdaemon.election.WorkLease;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

  /** Its view alone: for lookups, of which there are many. */
  default Optional<Ring> view(String name) {
    return ring(name).map(RingStatus::ring);
  }

  /** This node first, then the peers by name, dead and departed ones among them. */
  List<MemberStatus> members();

  /** Keys of the gossip store, by name; empty when no ring gossips. */
  List<KeyStatus> keys();

  /** The value of a key in words, for looking at, tombstones included. */
  Optional<String> keyText(String key);

  /** Delay and last messages; empty when no ring gossips. */
  Optional<GossipStatus> gossip();

  /** A message in words, while it is still among the last. */
  Optional<String> messageText(long id);

  /**
   * Forgets a key of the gossip store on all nodes, with all it holds; whether there was one.
   *
   * @param actor who asks, for the log: address and way
   */
  CompletionStage<Boolean> deleteKey(String key, String actor);

  /** Why this node isn't ready yet, one line each; empty: ready. */
  List<String> notReady();

  /** The configuration in effect as YAML, secrets hidden. */
  String configuration();

  /** What of it differs from the defaults, likewise. */
  String configurationDifference();

  /** The defaults, likewise. */
  String configurationDefaults();

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
   * Changes a ring, through its leader where it has one. Completes when this node's view shows it,
   * or fails with {@code TimeoutException} after 4 s, when it may or may not be done.
   */
  CompletionStage<Result> change(String ring, Change change, Terms terms);

  /**
   * Asks this node and every reachable one, again and again for at most 3 s, until none shows
   * {@code ids} in the ring; what each said last, this node first.
   */
  CompletionStage<List<Sighting>> gone(String ring, List<String> ids);

  /**
   * Contacts further gossip addresses; completes with each of them: an empty text if somebody
   * answered there, or why not.
   */
  CompletionStage<Map<String, String>> join(List<String> addresses);

  /** Begins to leave all rings and the mesh; completes when done. */
  CompletionStage<Void> leave();

  /**
   * On which terms something is changed.
   *
   * @param actor who asks, for the event log: address and way
   * @param baseVersions versions of the ring the change may be based on; none: any
   * @param id names the change, so that a retry repeats nothing for 60 s; empty: it won't be
   *     retried
   */
  record Terms(String actor, List<String> baseVersions, String id) {
    /** Without conditions. */
    public static Terms of(String actor) {
      return new Terms(actor, List.of(), "");
    }
  }
}
