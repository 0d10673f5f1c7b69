package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Mergeable;
import java.util.ArrayList;
import java.util.List;

/** Entries on their way into messages of about {@link #BYTES} each. */
final class Loads {
  private static final int BYTES = 40_000;

  /** So few entries are not measured: they fit in any case. */
  private static final int FEW = 8;

  /** What one message carries, and about how many bytes that is. */
  record Load(List<Update<?>> updates, long bytes) {}

  private final List<Load> full = new ArrayList<>();
  private List<Update<?>> updates = new ArrayList<>();
  private long bytes;

  /** The named entries of a key, and its generation if that is named. */
  <V extends Mergeable<V>> void add(Slot<V> slot, List<String> ids) {
    Update<V> found = slot.only(ids);
    boolean empty = found.value().content().isEmpty();
    if (empty && ids.contains(Slots.GENERATION)) {
      put(found, 100);
    } else if (!empty && ids.size() <= FEW) {
      put(found, BYTES / FEW);
    } else {
      for (Mergeable.Piece<V> piece : found.value().pieces(BYTES)) {
        put(new Update<>(slot.key, slot.generation(), piece.value()), piece.bytes());
      }
    }
  }

  private void put(Update<?> update, long size) {
    if (!updates.isEmpty() && bytes + size > BYTES) {
      full.add(new Load(updates, bytes));
      updates = new ArrayList<>();
      bytes = 0;
    }
    updates.add(update);
    bytes += size;
  }

  List<Load> all() {
    List<Load> all = new ArrayList<>(full);
    if (!updates.isEmpty()) {
      all.add(new Load(updates, bytes));
    }
    return all;
  }
}
