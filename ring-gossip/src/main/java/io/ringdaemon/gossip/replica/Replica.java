package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Directive.BroadcastSoon;
import io.ringdaemon.gossip.replica.Directive.Contacted;
import io.ringdaemon.gossip.replica.Directive.NotifyWatchers;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.State;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.Mergeable.Beaten;
import io.ringdaemon.kv.Mergeable.Merged;
import io.ringdaemon.kv.Mergeable.Purged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One node's copy of all values: what to do when somebody here changes one, when a message arrives,
 * and when it is time to gossip. Pure: it takes events and the time and returns directives
 * (design.md section 8).
 *
 * <p><b>Promises</b> that replicas that exchange messages come to hold equal values, whatever the
 * order, loss, doubling or delay. <b>Not</b> when.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> {@link #MOST_KEYS} keys, a broadcast
 * queue of {@link BroadcastQueue#MOST}, tombstones by age and number; what is dropped is counted.
 */
public final class Replica {
  static final int MOST_KEYS = 1_000;
  private static final int PIECE_BYTES = 40_000;
  private static final int ENTRIES_A_TICK = 200;
  private static final int BEATS_A_TICK = 500;

  /** How long and how many removals are remembered. */
  public record Retention(Duration tombstones, int mostTombstones) {}

  /** What is held under a key, for a page. */
  public record Held(Key<?> key, Mergeable<?> value, long version, Instant updated) {}

  private static final class Slot<V extends Mergeable<V>> {
    private final Key<V> key;
    private V value;
    private long version;
    private Instant updated;

    private Slot(Key<V> key, Instant now) {
      this.key = key;
      this.value = key.codec().empty();
      this.updated = now;
    }

    private Held held() {
      return new Held(key, value, version, updated);
    }
  }

  private final Retention retention;
  private final Map<String, Slot<?>> slots = new TreeMap<>();
  private final BroadcastQueue queue = new BroadcastQueue();
  private long refusedKeys;
  private long forgottenTombstones;

  public Replica(Retention retention) {
    this.retention = retention;
  }

  /** The value held; the empty one if there is none. */
  public <V extends Mergeable<V>> V get(Key<V> key) {
    return slot(key).map(slot -> slot.value).orElse(key.codec().empty());
  }

  /** Everything held, by key. */
  public Collection<Held> held() {
    return slots.values().stream().map(Slot::held).toList();
  }

  /** Somebody here wants the value to be {@code updated}. */
  public <V extends Mergeable<V>> List<Directive> onLocal(Key<V> key, V updated, Instant now) {
    Slot<V> slot =
        slotOrNew(key, now).orElseThrow(() -> new IllegalStateException("too many keys"));
    V before = slot.value;
    Optional<V> change = before.changeTo(updated, now);
    if (change.isEmpty() || !apply(slot, change.get(), now)) {
      return List.of();
    }
    Optional<List<Heartbeat>> beats = change.get().heartbeatsSince(before);
    if (beats.isPresent()) {
      beats.get().forEach(beat -> queue.add(key.name(), beat));
      return List.of(new NotifyWatchers(key.name()));
    }
    queue.add(key, change.get(), true);
    return List.of(new NotifyWatchers(key.name()), new BroadcastSoon());
  }

  /** A message arrived. */
  public List<Directive> onMessage(PeerId from, Message message, List<Gone> gone, Instant now) {
    List<Directive> todo = new ArrayList<>();
    if (message instanceof Updates updates) {
      updates.updates().forEach(update -> merge(update, now, todo));
    } else if (message instanceof State state) {
      state.updates().forEach(update -> merge(update, now, todo));
      if (state.last()) {
        todo.add(new Contacted(from));
      }
      if (state.replyWanted()) {
        todo.addAll(state(from, false, gone));
      }
    } else if (message instanceof Heartbeats beats) {
      beat(from, beats, now, todo);
    } else if (message instanceof EntryRequest request) {
      Slot<?> slot = slots.get(request.key());
      if (slot != null) {
        entries(slot, request.ids()).ifPresent(found -> todo.add(new Send(from, found)));
      }
    }
    return todo;
  }

  private static <V extends Mergeable<V>> Optional<Message> entries(
      Slot<V> slot, List<String> ids) {
    V found = slot.value.only(ids);
    return found.content().isEmpty()
        ? Optional.empty()
        : Optional.of(new Updates(List.of(new Update<>(slot.key, found))));
  }

  private <V extends Mergeable<V>> void merge(Update<V> update, Instant now, List<Directive> todo) {
    Optional<Slot<V>> slot = slotOrNew(update.key(), now);
    if (slot.isEmpty()) {
      refusedKeys++;
      return;
    }
    Merged<V> merged = slot.get().value.merge(update.value());
    merged
        .change()
        .ifPresent(
            change -> {
              set(slot.get(), merged.value(), now);
              queue.add(update.key(), change, false);
              todo.add(new NotifyWatchers(update.key().name()));
            });
  }

  private void beat(PeerId from, Heartbeats beats, Instant now, List<Directive> todo) {
    Slot<?> slot = slots.get(beats.key());
    if (slot == null) {
      todo.add(
          new Send(
              from,
              new EntryRequest(beats.key(), beats.beats().stream().map(Heartbeat::id).toList())));
      return;
    }
    beat(from, slot, beats, now, todo);
  }

  private <V extends Mergeable<V>> void beat(
      PeerId from, Slot<V> slot, Heartbeats beats, Instant now, List<Directive> todo) {
    Beaten<V> beaten = slot.value.beat(beats.beats());
    beaten
        .merged()
        .change()
        .ifPresent(
            change -> {
              set(slot, beaten.merged().value(), now);
              Set<String> applied = new HashSet<>(change.content());
              beats.beats().stream()
                  .filter(beat -> applied.contains(beat.id()))
                  .forEach(beat -> queue.add(slot.key.name(), beat));
              todo.add(new NotifyWatchers(slot.key.name()));
            });
    if (!beaten.unknown().isEmpty()) {
      todo.add(new Send(from, new EntryRequest(slot.key.name(), beaten.unknown())));
    }
  }

  /**
   * Time to gossip: changes, and if {@code beats} signs of life too, to the peers chosen by the
   * shell among {@code allPeers}.
   */
  public List<Directive> broadcast(List<PeerId> receivers, int allPeers, boolean beats) {
    if (receivers.isEmpty()) {
      return List.of();
    }
    int limit = RetransmitLimit.of(allPeers);
    List<Message> messages = new ArrayList<>();
    List<Update<?>> updates = queue.next(receivers.size(), limit, ENTRIES_A_TICK);
    if (!updates.isEmpty()) {
      messages.add(new Updates(updates));
    }
    if (beats) {
      queue
          .nextBeats(receivers.size(), limit, BEATS_A_TICK)
          .forEach((key, some) -> messages.add(new Heartbeats(key, some)));
    }
    List<Directive> todo = new ArrayList<>();
    for (PeerId receiver : receivers) {
      messages.forEach(message -> todo.add(new Send(receiver, message)));
    }
    return todo;
  }

  /** Everything held, in pieces, for one peer. */
  public List<Directive> state(PeerId to, boolean replyWanted, List<Gone> gone) {
    List<List<Update<?>>> loads = new ArrayList<>();
    loads.add(new ArrayList<>());
    int[] room = {PIECE_BYTES};
    slots.values().forEach(slot -> load(slot, loads, room));
    List<Directive> todo = new ArrayList<>();
    for (int i = 0; i < loads.size() - 1; i++) {
      todo.add(new Send(to, new State(loads.get(i), false, false, List.of())));
    }
    todo.add(new Send(to, new State(loads.get(loads.size() - 1), replyWanted, true, gone)));
    return todo;
  }

  /** Puts a value's pieces into messages; {@code room} is what the last one can still take. */
  private static <V extends Mergeable<V>> void load(
      Slot<V> slot, List<List<Update<?>>> loads, int[] room) {
    for (Mergeable.Piece<V> piece : slot.value.pieces(PIECE_BYTES)) {
      if (room[0] < piece.bytes() && room[0] < PIECE_BYTES) {
        loads.add(new ArrayList<>());
        room[0] = PIECE_BYTES;
      }
      loads.get(loads.size() - 1).add(new Update<>(slot.key, piece.value()));
      room[0] -= piece.bytes();
    }
  }

  /** Drops the tombstones whose time is over. */
  public void purge(Instant now) {
    slots.values().forEach(slot -> purge(slot, now));
  }

  private <V extends Mergeable<V>> void purge(Slot<V> slot, Instant now) {
    Purged<V> purged =
        slot.value.withoutTombstones(now.minus(retention.tombstones()), retention.mostTombstones());
    slot.value = purged.value();
    forgottenTombstones += purged.pushedOut();
  }

  /** Changes waiting to be passed on. */
  public int queued() {
    return queue.size();
  }

  /** Whether a local change has not been sent to anybody yet. */
  public boolean hasUnsent() {
    return queue.hasUnsent();
  }

  /** Changes dropped for want of room in the queue, since the start. */
  public long droppedBroadcasts() {
    return queue.dropped();
  }

  /** Updates refused because there are too many keys, since the start. */
  public long refusedKeys() {
    return refusedKeys;
  }

  /** Tombstones dropped before their time because there were too many, since the start. */
  public long forgottenTombstones() {
    return forgottenTombstones;
  }

  private <V extends Mergeable<V>> boolean apply(Slot<V> slot, V change, Instant now) {
    Merged<V> merged = slot.value.merge(change);
    if (merged.change().isPresent()) {
      set(slot, merged.value(), now);
    }
    return merged.change().isPresent();
  }

  private static <V extends Mergeable<V>> void set(Slot<V> slot, V value, Instant now) {
    slot.value = value;
    slot.version++;
    slot.updated = now;
  }

  private <V extends Mergeable<V>> Optional<Slot<V>> slotOrNew(Key<V> key, Instant now) {
    if (!slots.containsKey(key.name()) && slots.size() < MOST_KEYS) {
      slots.put(key.name(), new Slot<>(key, now));
    }
    return slot(key);
  }

  @SuppressWarnings("unchecked") // a slot's value is of its key's codec, which is compared
  private <V extends Mergeable<V>> Optional<Slot<V>> slot(Key<V> key) {
    Slot<?> slot = slots.get(key.name());
    return slot == null || !slot.key.codec().id().equals(key.codec().id())
        ? Optional.empty()
        : Optional.of((Slot<V>) slot);
  }
}
