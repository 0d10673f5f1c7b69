package io.ringdaemon.member;

import io.ringdaemon.election.Leadership.Leader;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The last 50 events of a ring, worked out from what changed between two views. Confined to the
 * loop; {@link #events} may be read from anywhere.
 */
final class Journal {
  private static final int KEPT = 50;

  private final Consumer<Event> log;
  private final Deque<Event> newestFirst = new ArrayDeque<>();
  private volatile List<Event> events = List.of();

  /** {@code log} is told of each event once. */
  Journal(Consumer<Event> log) {
    this.log = log;
  }

  List<Event> events() {
    return events;
  }

  void add(Event event) {
    newestFirst.addFirst(event);
    if (newestFirst.size() > KEPT) {
      newestFirst.removeLast();
    }
    events = List.copyOf(newestFirst);
    log.accept(event);
  }

  /** Notes what is different; whether a reader of the ring would notice. */
  boolean compare(Ring before, Ring after) {
    Instant now = after.asOf();
    boolean noticed = !before.version().equals(after.version());
    for (Instance instance : after.instances()) {
      Optional<Instance> earlier = before.instance(instance.id());
      if (earlier.isEmpty()) {
        add(new Event(now, "joined", instance.id(), "joined as " + instance.state()));
      } else {
        noticed |= compare(earlier.get(), instance, now);
      }
    }
    for (Instance gone : before.instances()) {
      if (after.instance(gone.id()).isEmpty()) {
        boolean left = gone.state() == InstanceState.LEAVING;
        add(
            new Event(
                now,
                left ? "left" : "forgotten",
                gone.id(),
                left ? "left the ring" : "was taken out of the ring"));
      }
    }
    return noticed;
  }

  private boolean compare(Instance before, Instance after, Instant now) {
    if (before.state() != after.state()) {
      add(
          new Event(
              now, "state", after.id(), "went from " + before.state() + " to " + after.state()));
    }
    if (before.health().healthy() != after.health().healthy()
        || !before.health().reason().equals(after.health().reason())) {
      String why = after.health().detail().isEmpty() ? "" : ": " + after.health().detail();
      add(new Event(now, "health", after.id(), "is " + after.health().word() + why));
      return true;
    }
    return false;
  }

  void leader(Optional<Leader> before, Optional<Leader> after, Instant now) {
    if (before.equals(after)) {
      return;
    }
    add(
        after
            .map(
                leader ->
                    new Event(
                        now, "leader", leader.instanceId(), "leads with epoch " + leader.epoch()))
            .orElseGet(() -> new Event(now, "leader", "", "nobody leads")));
  }
}
