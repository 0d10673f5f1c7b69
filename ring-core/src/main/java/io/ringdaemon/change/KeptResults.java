package io.ringdaemon.change;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of changes, for {@link #KEPT}, so that a retry repeats nothing. <b>Bounds:</b> a
 * number of results and {@link #MOST_BYTES} of them; the oldest go first. Confined to the loop.
 */
final class KeptResults {
  static final Duration KEPT = Duration.ofSeconds(60);
  static final long MOST_BYTES = 16 << 20;

  /** About what an entry of a ring takes in memory, its tokens left out: they are shared. */
  private static final int ENTRY = 300;

  private record Kept(Change change, Result result, long at, long bytes) {}

  private final int most;
  private final Map<String, Kept> byId = new LinkedHashMap<>();
  private long bytes;
  private long pushedOut;

  KeptResults(int most) {
    this.most = most;
  }

  /** The result under that id; a refusal if the id stood for another change. */
  Optional<Result> of(String id, Change change, long now) {
    expire(now);
    return Optional.ofNullable(byId.get(id))
        .map(
            kept ->
                kept.change.equals(change)
                    ? kept.result
                    : Result.refused(
                        kept.result.version(), "this id stood for another change: " + kept.change));
  }

  void keep(String id, Change change, Result result, long now) {
    expire(now);
    Kept kept = new Kept(change, result, now, size(result));
    Kept before = byId.put(id, kept);
    bytes += kept.bytes - (before == null ? 0 : before.bytes);
    Iterator<Kept> oldest = byId.values().iterator();
    while (byId.size() > most || bytes > MOST_BYTES) {
      bytes -= oldest.next().bytes;
      oldest.remove();
      pushedOut++;
    }
  }

  private void expire(long now) {
    Iterator<Kept> oldest = byId.values().iterator();
    while (oldest.hasNext()) {
      Kept next = oldest.next();
      if (now - next.at < KEPT.toNanos()) {
        return;
      }
      bytes -= next.bytes;
      oldest.remove();
    }
  }

  private static long size(Result result) {
    return ENTRY * (1L + result.entries().entries().size())
        + text(result.forgotten())
        + text(result.absent())
        + text(result.unknown())
        + text(result.living());
  }

  private static long text(List<String> ids) {
    return ids.stream().mapToLong(id -> 50 + 2L * id.length()).sum();
  }

  int size() {
    return byId.size();
  }

  long pushedOut() {
    return pushedOut;
  }
}
