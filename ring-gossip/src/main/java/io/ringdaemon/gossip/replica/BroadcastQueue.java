package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Entries waiting to be passed on: local ones before relayed ones, then those passed on least
 * often, then the oldest. What is queued is a name, not a value: what is sent is the entry as it is
 * then, so a newer change replaces an older one by starting to count anew. Who is known to have an
 * entry, by having sent it or been sent it, is passed over: connections lose nothing while they
 * last, so a second copy would tell nobody anything. Pure; confined to its replica.
 *
 * <p><b>Time:</b> adding and picking cost the same however many wait. <b>Bounds:</b> {@link #MOST};
 * what is over is dropped, least useful first, and counted: anti-entropy repairs it.
 */
final class BroadcastQueue {
  static final int MOST = 10_000;
  private static final int RANKS = 32; // above any retransmit limit
  private static final int MOST_HOLDERS = 2 * RANKS; // of an entry; more are told it once more

  /** An entry under a key. */
  record Name(String key, String id) {}

  /**
   * What to send, to the first {@code receivers} of those asked for.
   *
   * @param holders who has it; whoever is sent it becomes one
   */
  record Pick(Name name, int receivers, Set<PeerId> holders) {
    /** Whether the peer at that place among those asked for is to be sent it; only ever once. */
    boolean goesTo(int place, PeerId peer) {
      return place < receivers && holders.add(peer);
    }
  }

  private static final class Item {
    private final Name name;
    private final Set<PeerId> holders = new HashSet<>(4);
    private boolean local;
    private int sent;

    private Item(Name name, boolean local) {
      this.name = name;
      this.local = local;
    }

    private int rank() {
      return (local ? 0 : RANKS) + Math.min(sent, RANKS - 1);
    }
  }

  private final Map<Name, Item> items = new HashMap<>();
  private final List<LinkedHashSet<Item>> ranks = new ArrayList<>();
  private volatile int size; // read by whoever looks at metrics
  private final LongAdder dropped = new LongAdder();

  BroadcastQueue() {
    for (int i = 0; i < 2 * RANKS; i++) {
      ranks.add(new LinkedHashSet<>());
    }
  }

  void add(String key, Collection<String> ids, boolean local) {
    ids.forEach(id -> add(new Name(key, id), local));
  }

  private void add(Name name, boolean local) {
    Item known = items.get(name);
    if (known == null) {
      if (items.size() >= MOST && !makeRoom(local)) {
        dropped.increment();
        return;
      }
      known = new Item(name, local);
      items.put(name, known);
    } else {
      ranks.get(known.rank()).remove(known);
      known.local = local || (known.local && known.sent == 0);
      known.sent = 0;
      known.holders.clear();
    }
    ranks.get(known.rank()).add(known);
    size = items.size();
  }

  /** Drops what was passed on most often, unless all that waits is more useful than a new one. */
  private boolean makeRoom(boolean local) {
    for (int rank = ranks.size() - 1; rank > (local ? 0 : RANKS); rank--) {
      Iterator<Item> oldest = ranks.get(rank).iterator();
      if (oldest.hasNext()) {
        items.remove(oldest.next().name);
        oldest.remove();
        dropped.increment();
        return true;
      }
    }
    return false;
  }

  /** It no longer needs to be passed on. */
  void remove(String key, Collection<String> ids) {
    for (String id : ids) {
      Item known = items.remove(new Name(key, id));
      if (known != null) {
        ranks.get(known.rank()).remove(known);
      }
    }
    size = items.size();
  }

  /** Those of the entries that wait here. */
  List<String> waiting(String key, Collection<String> ids) {
    return ids.stream().filter(id -> items.containsKey(new Name(key, id))).toList();
  }

  /** The peer has these entries as they are here. */
  void held(String key, Collection<String> ids, PeerId peer) {
    for (String id : ids) {
      Item known = items.get(new Name(key, id));
      if (known != null && known.holders.size() < MOST_HOLDERS) {
        known.holders.add(peer);
      }
    }
  }

  /** The next entries for {@code receivers} peers, of which each entry goes to {@code limit}. */
  List<Pick> next(int receivers, int limit, int most) {
    List<Item> chosen = new ArrayList<>();
    for (LinkedHashSet<Item> rank : ranks) {
      Iterator<Item> each = rank.iterator();
      while (each.hasNext() && chosen.size() < most) {
        chosen.add(each.next());
        each.remove();
      }
    }
    List<Pick> picks = new ArrayList<>(chosen.size());
    for (Item item : chosen) {
      int times = Math.min(receivers, Math.max(1, limit - item.sent));
      picks.add(new Pick(item.name, times, item.holders));
      item.sent += times;
      if (item.sent >= limit) {
        items.remove(item.name);
      } else {
        ranks.get(item.rank()).add(item);
      }
    }
    size = items.size();
    return picks;
  }

  /** How many entries wait. Any thread. */
  int size() {
    return size;
  }

  /** Whether something local waits that was never passed on. */
  boolean hasUnsent() {
    return !ranks.get(0).isEmpty();
  }

  /** How many were dropped for want of room, since the start. Any thread. */
  long dropped() {
    return dropped.sum();
  }
}
