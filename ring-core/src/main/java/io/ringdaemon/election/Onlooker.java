package io.ringdaemon.election;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who leads a ring, seen by a node that has no instance in it: reads the leader record and the
 * view, writes nothing.
 *
 * <p><b>Threading:</b> confined to the loop; {@link #leadership} may be called from anywhere.
 */
public final class Onlooker {
  private final World world;
  private final RingWatcher watcher;
  private final Leadership.Rules rules;
  private final List<Consumer<Leadership>> listeners = new ArrayList<>();
  private LeaderRecord leaderRecord = LeaderRecord.EMPTY;
  private volatile Leadership leadership;

  public Onlooker(
      World world,
      KvStore store,
      Key<LeaderRecord> key,
      RingWatcher watcher,
      Leadership.Rules rules) {
    this.world = world;
    this.watcher = watcher;
    this.rules = rules;
    this.leadership = Leadership.nobody(rules, "", world.now());
    store.watch(key, this::onRecord);
    watcher.listen(view -> publish());
  }

  /** Who leads, as known here; says nothing without a time. Any thread. */
  public Leadership leadership() {
    return leadership;
  }

  /** Calls {@code listener} on the loop after each change of leader or epoch. */
  public void listen(Consumer<Leadership> listener) {
    listeners.add(listener);
  }

  private void onRecord(LeaderRecord value) {
    leaderRecord = value;
    publish();
  }

  private void publish() {
    Sight sight =
        new Sight(watcher.ring(), leaderRecord, Optional.empty(), world.nanoTime(), world.now());
    Leadership before = leadership;
    Optional<LeaderRecord.Claim> claim = sight.held().filter(sight::leads);
    Leadership now =
        new Leadership(
            claim.map(held -> new Leadership.Leader(held.instanceId(), held.addr(), held.epoch())),
            leaderRecord.epoch(),
            claim.map(held -> Instant.ofEpochMilli(held.since())).orElse(world.now()),
            rules,
            sight.ring().lowestTokenOwner().map(Instance::id),
            "",
            0,
            false,
            Optional.empty());
    leadership = claim.isEmpty() ? now.nobodySince(before) : now;
    if (!now.sameLeader(before)) {
      List.copyOf(listeners).forEach(listener -> listener.accept(leadership));
    }
  }
}
