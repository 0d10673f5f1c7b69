package io.ringdaemon.replication;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Quorum by instances: all but {@code maxErrors} must succeed (reference/ring-semantics.md 5.10).
 */
final class InstanceTracker implements Tracker {
  private final int instances;
  private final int maxErrors;
  private int successes;
  private int errors;

  InstanceTracker(int instances, int maxErrors) {
    this.instances = instances;
    this.maxErrors = maxErrors;
  }

  @Override
  public QuorumFailed.Unit unit() {
    return QuorumFailed.Unit.INSTANCES;
  }

  @Override
  public int needed() {
    return Math.max(0, instances - maxErrors);
  }

  @Override
  public int allowed() {
    return maxErrors;
  }

  @Override
  public List<List<Integer>> groups(ZoneSorter sorter, RandomGenerator chance) {
    List<Integer> order = IntStream.range(0, instances).boxed().toList();
    return ZoneSorter.shuffled(order, chance).stream().map(List::of).toList();
  }

  @Override
  public void onSuccess(int at) {
    successes++;
  }

  @Override
  public boolean onFailure(int at) {
    errors++;
    return true;
  }

  @Override
  public boolean succeeded() {
    return successes >= needed();
  }

  @Override
  public boolean failed() {
    return errors > maxErrors;
  }

  @Override
  public boolean returns(int at) {
    return true;
  }

  @Override
  public List<Integer> doomedBy(int at) {
    return List.of();
  }
}
