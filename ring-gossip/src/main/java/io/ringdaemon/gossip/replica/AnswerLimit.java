package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one peer may be told in a second because it asked, so that small questions can't demand
 * unbounded answers. Who needs more asks again. Confined to its replica.
 */
final class AnswerLimit {
  /** Below what the mesh lets wait for a peer; a ring of 1,000 × 512 tokens fits in. */
  static final long BYTES_A_SECOND = 3 << 20;

  private static final int MOST_PEERS = 10_000;

  private static final class Told {
    private long since;
    private long bytes;
  }

  private final Map<PeerId, Told> peers = new Recent<>(MOST_PEERS);
  private final LongAdder withheld = new LongAdder();

  /** Whether so much may be said now; if not, it is counted. */
  boolean allows(PeerId peer, long bytes, long nanos) {
    Told told = peers.computeIfAbsent(peer, any -> new Told());
    if (told.bytes == 0 || nanos - told.since >= TimeUnit.SECONDS.toNanos(1)) {
      told.since = nanos;
      told.bytes = 0;
    }
    if (told.bytes + bytes > BYTES_A_SECOND) {
      withheld.increment();
      return false;
    }
    told.bytes += bytes;
    return true;
  }

  /** Answers not given, since the start. Any thread. */
  long withheld() {
    return withheld.sum();
  }
}
