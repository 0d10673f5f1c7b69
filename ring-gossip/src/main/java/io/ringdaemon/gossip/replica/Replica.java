package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Directive.BroadcastSoon;
import io.ringdaemon.gossip.replica.Directive.Delayed;
import io.ringdaemon.gossip.replica.Directive.NotifyWatchers;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message.Buckets;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.Root;
import io.ringdaemon.gossip.replica.Message.Signs;
import io.ringdaemon.gossip.replica.Message.Stamps;
import io.ringdaemon.gossip.replica.Message.Summary;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.Mergeable.Beaten;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One node's copy of all values: what to do when somebody here changes one, when a message arrives,
 * and when it is time to gossip. Pure: it takes events and the time and returns directives
 * (design.md section 8). What waits to be passed on: {@link BroadcastQueue}; how holes are found
 * and closed: {@link AntiEntropy}.
 *
 * <p><b>Promises</b> that replicas that exchange messages come to hold equal values, whatever the
 * order, loss, doubling or delay. <b>Not</b> when.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> {@link Slots#MOST} keys, broadcast
 * queues of {@link BroadcastQueue#MOST}, tombstones by age and number, answers by {@link
 * AnswerLimit}; what is dropped is counted.
 */
public final class Replica {
  private static final int ENTRIES_A_TICK = 200;
  private static final int BEATS_A_TICK = 1_000;

  /** Of more entries that came because they were asked for, nobody is told: a newcomer's fill. */
  private static final int FEW_ANSWERED = 16;

  /** How long and how many removals are remembered. */
  public record Retention(Duration tombstones, int mostTombstones) {}

  /**
   * What is held under a key, for a page.
   *
   * @param generation Unix milliseconds of the key's last deletion, 0 if never
   */
  public record Held(
      Key<?> key, Mergeable<?> value, long version, Instant updated, long generation) {}

  /** When something happens: wall time, and elapsed time in nanoseconds. */
  public record Moment(Instant now, long nanos) {}

  private final Slots slots;
  private final BroadcastQueue changes = new BroadcastQueue();
  private final BroadcastQueue beats = new BroadcastQueue();
  private final AnswerLimit limit = new AnswerLimit();
  private final Wanted wanted = new Wanted();
  private final Beacons beacons = new Beacons();
  private final Recents recents = new Recents();
  private final AntiEntropy antiEntropy;

  /**
   * An empty one.
   *
   * @param codecs ids of those whose values can be understood here
   */
  public Replica(Retention retention, List<String> codecs) {
    this.slots = new Slots(retention);
    this.antiEntropy = new AntiEntropy(slots, List.copyOf(codecs), limit, wanted, recents);
  }

  /** The value held; the empty one if there is none. */
  public <V extends Mergeable<V>> V get(Key<V> key) {
    return slots.of(key).map(Slot::value).orElse(key.codec().empty());
  }

  /** Everything held, by key. */
  public Collection<Held> held() {
    return slots.all().stream().map(Slot::held).toList();
  }

  /** Somebody here wants the value to be {@code updated}. */
  public <V extends Mergeable<V>> List<Directive> onLocal(Key<V> key, V updated, Instant now) {
    Slot<V> slot =
        slots.orNew(key, now).orElseThrow(() -> new IllegalStateException("too many keys"));
    V before = slot.value();
    Optional<V> change =
        before.changeTo(updated, now).flatMap(altered -> before.merge(altered).change());
    if (change.isEmpty()) {
      return List.of();
    }
    slot.set(before.merge(change.get()).value(), now);
    List<String> ids = change.get().content();
    if (change.get().heartbeatsSince(before).isPresent()) {
      beats.add(key.name(), ids, true);
      return List.of(new NotifyWatchers(key.name()));
    }
    return news(key.name(), ids, true, now);
  }

  /** Somebody here wants the key and all it holds to be gone. */
  public List<Directive> onDelete(Key<?> key, Instant now) {
    Optional<Slot<?>> slot = slots.named(key.name()).filter(found -> !found.blank());
    if (slot.isEmpty()) {
      return List.of();
    }
    slot.get().begin(Math.max(now.toEpochMilli(), slot.get().generation() + 1), now);
    return news(key.name(), List.of(Slots.GENERATION), true, now);
  }

  private List<Directive> news(String key, Collection<String> ids, boolean local, Instant now) {
    recents.add(key, ids, now);
    changes.add(key, ids, local);
    beats.remove(key, ids);
    return List.of(new NotifyWatchers(key), new BroadcastSoon());
  }

  /**
   * A message arrived.
   *
   * @param gone lives the mesh saw go, asked for when a peer may need them
   */
  public List<Directive> onMessage(
      PeerId from, Message message, Supplier<List<Gone>> gone, Moment at) {
    List<Directive> todo = new ArrayList<>();
    if (message instanceof Updates updates) {
      updates.updates().forEach(update -> merge(from, update, at.now(), todo));
      updates.beacons().forEach(beacon -> arrived(from, beacon, at.nanos(), todo));
    } else if (message instanceof Heartbeats some) {
      beat(from, some.key(), some.beats(), at, todo);
    } else if (message instanceof EntryRequest request) {
      slots
          .named(request.key())
          .ifPresent(
              slot -> todo.addAll(antiEntropy.entries(from, slot, request.ids(), at.nanos())));
    } else if (message instanceof Root root) {
      todo.addAll(antiEntropy.onRoot(from, root, at));
    } else if (message instanceof Summary summary) {
      List<Gone> lives = summary.answer() ? List.of() : gone.get();
      todo.addAll(antiEntropy.onSummary(from, summary, lives, at));
    } else if (message instanceof Buckets buckets) {
      todo.addAll(antiEntropy.onBuckets(from, buckets, at.nanos()));
    } else if (message instanceof Stamps stamps) {
      List<Heartbeat> fresh = new ArrayList<>();
      todo.addAll(antiEntropy.onStamps(from, stamps, fresh, at.nanos()));
      beat(from, stamps.key(), fresh, at, todo);
    } else if (message instanceof Signs signs) {
      List<Heartbeat> fresh = new ArrayList<>();
      todo.addAll(antiEntropy.onSigns(from, signs, fresh, at.nanos()));
      beat(from, signs.key(), fresh, at, todo);
    }
    return todo;
  }

  private <V extends Mergeable<V>> void merge(
      PeerId from, Update<V> update, Instant now, List<Directive> todo) {
    String key = update.key().name();
    List<String> news = slots.merge(update, now);
    List<String> arrived = new ArrayList<>(update.value().content());
    arrived.add(Slots.GENERATION);
    boolean fill = wanted.arrived(key, arrived) > FEW_ANSWERED;
    if (!news.isEmpty()) {
      todo.addAll(fill ? List.of(new NotifyWatchers(key)) : news(key, news, false, now));
    }
    changes.held(key, sameAsHere(update), from);
    todo.addAll(antiEntropy.arrived(key, arrived));
  }

  /** Of the entries that wait to be passed on those that the update shows as they are here. */
  private <V extends Mergeable<V>> List<String> sameAsHere(Update<V> update) {
    List<String> waiting = changes.waiting(update.key().name(), update.value().content());
    if (waiting.isEmpty()) {
      return waiting;
    }
    List<String> same = new ArrayList<>(waiting);
    slots
        .of(update.key())
        .flatMap(slot -> update.value().merge(slot.value().only(waiting)).change())
        .ifPresent(behind -> same.removeAll(behind.content()));
    return same;
  }

  private void beat(
      PeerId from, String key, List<Heartbeat> some, Moment at, List<Directive> todo) {
    if (some.isEmpty()) {
      return;
    }
    Optional<Slot<?>> slot = slots.named(key);
    if (slot.isPresent()) {
      beat(from, slot.get(), some, at, todo);
    } else {
      List<String> ids = some.stream().map(Heartbeat::id).toList();
      todo.addAll(antiEntropy.want(from, key, ids, at.nanos()));
    }
  }

  private <V extends Mergeable<V>> void beat(
      PeerId from, Slot<V> slot, List<Heartbeat> some, Moment at, List<Directive> todo) {
    String key = slot.key.name();
    Beaten<V> beaten = slot.value().beat(some);
    beaten
        .merged()
        .change()
        .ifPresent(
            change -> {
              slot.set(beaten.merged().value(), at.now());
              beats.add(key, change.content(), false);
              todo.add(new NotifyWatchers(key));
            });
    if (!beaten.unknown().isEmpty()) {
      todo.addAll(antiEntropy.want(from, key, beaten.unknown(), at.nanos()));
    }
  }

  private void arrived(PeerId from, Beacon beacon, long nanos, List<Directive> todo) {
    beacons
        .arrived(beacon, antiEntropy.oneWay(from), nanos)
        .ifPresent(
            name -> {
              changes.add(Beacons.KEY, List.of(name), false);
              todo.add(new Delayed(beacons.age(name)));
              todo.add(new BroadcastSoon());
            });
  }

  /** Time for a beacon, unless another's passed here lately. */
  public List<Directive> beacon(PeerId self, long nanos) {
    Optional<String> name = beacons.emit(self.name(), self.life(), nanos);
    name.ifPresent(one -> changes.add(Beacons.KEY, List.of(one), true));
    return name.<List<Directive>>map(one -> List.of(new BroadcastSoon())).orElse(List.of());
  }

  /**
   * Time to gossip: changes, and if {@code signs} signs of life too, to the peers chosen by the
   * shell among {@code allPeers}.
   */
  public List<Directive> broadcast(
      List<PeerId> receivers, int allPeers, boolean signs, long nanos) {
    if (receivers.isEmpty()) {
      return List.of();
    }
    int often = RetransmitLimit.of(allPeers);
    List<BroadcastQueue.Pick> news = changes.next(receivers.size(), often, ENTRIES_A_TICK);
    List<BroadcastQueue.Pick> some =
        signs ? beats.next(receivers.size(), often, BEATS_A_TICK) : List.of();
    List<Directive> todo = new ArrayList<>();
    List<Message> messages = List.of();
    Map<String, List<String>> newsBefore = Map.of();
    Map<String, List<String>> signsBefore = Map.of();
    for (int i = 0; i < receivers.size(); i++) {
      Map<String, List<String>> newsForIt = byKey(news, i, receivers.get(i));
      Map<String, List<String>> signsForIt = byKey(some, i, receivers.get(i));
      if (!newsForIt.equals(newsBefore) || !signsForIt.equals(signsBefore)) { // mostly the same
        messages = messages(newsForIt, signsForIt, nanos);
        newsBefore = newsForIt;
        signsBefore = signsForIt;
      }
      for (Message message : messages) {
        todo.add(new Send(receivers.get(i), message));
      }
    }
    return todo;
  }

  private static Map<String, List<String>> byKey(
      List<BroadcastQueue.Pick> picks, int place, PeerId receiver) {
    Map<String, List<String>> byKey = new TreeMap<>();
    for (BroadcastQueue.Pick pick : picks) {
      if (pick.goesTo(place, receiver)) {
        byKey.computeIfAbsent(pick.name().key(), key -> new ArrayList<>()).add(pick.name().id());
      }
    }
    return byKey;
  }

  private List<Message> messages(
      Map<String, List<String>> news, Map<String, List<String>> signs, long nanos) {
    Loads loads = new Loads();
    List<Beacon> flying = beacons.toSend(news.getOrDefault(Beacons.KEY, List.of()), nanos);
    news.forEach((key, ids) -> slots.named(key).ifPresent(slot -> loads.add(slot, ids)));
    List<Message> messages = new ArrayList<>();
    for (Loads.Load load : loads.all()) {
      messages.add(new Updates(load.updates(), messages.isEmpty() ? flying : List.of()));
    }
    if (messages.isEmpty() && !flying.isEmpty()) {
      messages.add(new Updates(List.of(), flying));
    }
    signs.forEach(
        (key, ids) ->
            slots
                .named(key)
                .map(slot -> signs(slot, ids))
                .filter(beating -> !beating.beats().isEmpty())
                .ifPresent(messages::add));
    return messages;
  }

  private static Heartbeats signs(Slot<?> slot, List<String> ids) {
    List<Heartbeat> found = new ArrayList<>();
    slot.only(ids)
        .value()
        .eachEntry(
            (id, timestamp, sequence, hash) ->
                found.add(new Heartbeat(id, timestamp, sequence, hash)));
    return new Heartbeats(slot.key.name(), found);
  }

  /** A small comparison with a peer, of all but signs of life. */
  public List<Directive> compare(PeerId peer) {
    return List.of(antiEntropy.root(peer));
  }

  /** A comparison with a peer of everything; a {@code Contacted} follows the first time. */
  public List<Directive> exchange(PeerId peer, long nanos) {
    return List.of(antiEntropy.ask(peer, nanos));
  }

  /** Drops the tombstones whose time is over. */
  public void purge(Instant now) {
    slots.purge(now);
  }

  /** Whether a local change has not been sent to anybody yet. */
  public boolean hasUnsent() {
    return changes.hasUnsent();
  }

  /** Changes waiting to be passed on. Any thread, as all that follow. */
  public int queued() {
    return changes.size();
  }

  /** Signs of life waiting to be passed on. */
  public int queuedBeats() {
    return beats.size();
  }

  /** What was dropped for want of room in the queues, since the start. */
  public long droppedBroadcasts() {
    return changes.dropped() + beats.dropped();
  }

  /** Answers withheld because the peer had its share of that second, since the start. */
  public long withheldAnswers() {
    return limit.withheld();
  }

  /** Updates refused because there are too many keys, since the start. */
  public long refusedKeys() {
    return slots.refused();
  }

  /** Tombstones dropped before their time because there were too many, since the start. */
  public long forgottenTombstones() {
    return slots.forgottenTombstones();
  }
}
