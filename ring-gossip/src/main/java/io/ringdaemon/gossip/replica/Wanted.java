package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.replica.BroadcastQueue.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Entries asked for lately: several peers show the same news within a moment, and one of them is
 * enough to send it. Confined to its replica. <b>Bounds:</b> {@link #MOST}, the oldest go first.
 */
final class Wanted {
  private static final int MOST = 20_000;
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(800);

  private final LinkedHashMap<Name, Long> askedAt = new LinkedHashMap<>();

  /** Those of {@code ids} that nobody was asked for within the last moment; they count as asked. */
  List<String> toAsk(String key, Collection<String> ids, long nanos) {
    List<String> due = new ArrayList<>();
    for (String id : ids) {
      Name name = new Name(key, id);
      Long before = askedAt.remove(name);
      boolean waiting = before != null && nanos - before < PATIENCE;
      askedAt.put(name, waiting ? before : Long.valueOf(nanos));
      if (!waiting) {
        due.add(id);
      }
    }
    while (askedAt.size() > MOST) {
      askedAt.remove(askedAt.keySet().iterator().next());
    }
    return due;
  }

  /** Entries came, from whomever: how many of them had been asked for. */
  int arrived(String key, Collection<String> ids) {
    int asked = 0;
    for (String id : ids) {
      asked += askedAt.remove(new Name(key, id)) == null ? 0 : 1;
    }
    return asked;
  }
}
