package io.ringdaemon.replication;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Counts answers and says when there are enough, or can't be any more. Instances go by their
 * position in the replication set. Pure; confined to the loop.
 */
sealed interface Tracker permits InstanceTracker, ZoneTracker {
  QuorumFailed.Unit unit();

  /** How many groups must succeed. */
  int needed();

  /** How many groups may fail. */
  int allowed();

  /** What is asked together, in the order of asking when not all is asked at once. */
  List<List<Integer>> groups(ZoneSorter sorter, RandomGenerator chance);

  void onSuccess(int at);

  /** Whether a group has failed by this that had not before, so that another may take its place. */
  boolean onFailure(int at);

  boolean succeeded();

  boolean failed();

  /** Whether a result of the instance is among those returned if it ended now. */
  boolean returns(int at);

  /** Those whose answers have become useless because {@code at} failed. */
  List<Integer> doomedBy(int at);
}
