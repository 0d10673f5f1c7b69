package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes waiting to be passed on: local ones before relayed ones, those passed on least often
 * first; a newer change of the same entries replaces an older one. Signs of life wait apart, the
 * newest of each entry only. Pure; confined to its replica.
 *
 * <p><b>Bounds:</b> {@link #MOST} changes and as many signs of life; what is over is dropped, least
 * useful first, and counted: anti-entropy repairs it.
 */
final class BroadcastQueue {
  static final int MOST = 10_000;

  private static final class Item<V extends Mergeable<V>> {
    private final Update<V> update;
    private final List<String> content;
    private final boolean local;
    private int sent;

    private Item(Update<V> update, boolean local) {
      this.update = update;
      this.content = update.value().content();
      this.local = local;
    }
  }

  private static final class Beat {
    private final Heartbeat heartbeat;
    private int sent;

    private Beat(Heartbeat heartbeat) {
      this.heartbeat = heartbeat;
    }
  }

  private static final Comparator<Item<?>> URGENT_FIRST =
      Comparator.<Item<?>, Boolean>comparing(item -> !item.local)
          .thenComparingInt(item -> item.sent);

  private final List<Item<?>> items = new ArrayList<>();
  private final Map<String, Map<String, Beat>> beats = new TreeMap<>();
  private int beatCount;
  private long dropped;

  <V extends Mergeable<V>> void add(Key<V> key, V change, boolean local) {
    Item<V> added = new Item<>(new Update<>(key, change), local);
    HashSet<String> covered = new HashSet<>(added.content);
    items.removeIf(
        item -> item.update.key().name().equals(key.name()) && covered.containsAll(item.content));
    Map<String, Beat> outdated = beats.get(key.name());
    if (outdated != null) {
      added.content.forEach(id -> beatCount -= outdated.remove(id) == null ? 0 : 1);
    }
    items.add(added);
    if (items.size() > MOST) {
      items.sort(URGENT_FIRST);
      items.remove(items.size() - 1);
      dropped++;
    }
  }

  void add(String key, Heartbeat heartbeat) {
    Map<String, Beat> ofKey = beats.computeIfAbsent(key, name -> new LinkedHashMap<>());
    if (beatCount >= MOST && !ofKey.containsKey(heartbeat.id())) {
      dropped++;
      return;
    }
    beatCount += ofKey.put(heartbeat.id(), new Beat(heartbeat)) == null ? 1 : 0;
  }

  /**
   * The next changes to pass on to {@code receivers} peers, about {@code maxEntries} entries of
   * them.
   */
  List<Update<?>> next(int receivers, int limit, int maxEntries) {
    items.sort(URGENT_FIRST);
    List<Update<?>> chosen = new ArrayList<>();
    int entries = 0;
    Iterator<Item<?>> each = items.iterator();
    while (each.hasNext() && (chosen.isEmpty() || entries < maxEntries)) {
      Item<?> item = each.next();
      chosen.add(item.update);
      entries += item.content.size();
      item.sent += receivers;
      if (item.sent >= limit) {
        each.remove();
      }
    }
    return chosen;
  }

  /** Signs of life to pass on, by key. */
  Map<String, List<Heartbeat>> nextBeats(int receivers, int limit, int most) {
    Map<String, List<Heartbeat>> chosen = new TreeMap<>();
    int left = most;
    for (Map.Entry<String, Map<String, Beat>> ofKey : beats.entrySet()) {
      List<Heartbeat> some = new ArrayList<>();
      Iterator<Beat> each = ofKey.getValue().values().iterator();
      while (each.hasNext() && left-- > 0) {
        Beat beat = each.next();
        some.add(beat.heartbeat);
        beat.sent += receivers;
        if (beat.sent >= limit) {
          each.remove();
          beatCount--;
        }
      }
      if (!some.isEmpty()) {
        chosen.put(ofKey.getKey(), some);
      }
    }
    return chosen;
  }

  /** Changes waiting, without signs of life. */
  int size() {
    return items.size();
  }

  /** Local changes never passed on yet. */
  boolean hasUnsent() {
    return items.stream().anyMatch(item -> item.local && item.sent == 0);
  }

  /** How many were dropped for want of room, since the start. */
  long dropped() {
    return dropped;
  }
}
