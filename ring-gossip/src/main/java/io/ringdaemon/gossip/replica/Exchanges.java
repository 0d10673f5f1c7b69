package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.mesh.PeerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Comparisons this replica asked for: how long the answer took, and, until a first one has come to
 * its end, what of the peer's is still on its way. Confined to its replica. <b>Bounds:</b> {@link
 * #MOST} exchanges, the oldest are given up.
 */
final class Exchanges {
  private static final int MOST = 64;

  /** How much is to come about a key is told by the first message about it. */
  private static final Set<Integer> SOMETHING = Set.of(-1);

  private static final class Exchange {
    private final PeerId peer;
    private final long askedAt;
    private final Map<String, Set<Integer>> due = new HashMap<>(); // messages to come, by key
    private final Set<BroadcastQueue.Name> entries = new HashSet<>();
    private boolean answered;

    private Exchange(PeerId peer, long askedAt) {
      this.peer = peer;
      this.askedAt = askedAt;
    }

    private boolean over() {
      return answered && entries.isEmpty() && due.values().stream().allMatch(Set::isEmpty);
    }
  }

  private final LinkedHashMap<Long, Exchange> open = new LinkedHashMap<>();
  private long last;
  private boolean contacted;

  /** A further one; its number. */
  long begin(PeerId peer, long nanos) {
    open.put(++last, new Exchange(peer, nanos));
    while (open.size() > MOST) {
      open.remove(open.keySet().iterator().next());
    }
    return last;
  }

  /** The peer named the keys that differ. How long it took to; negative if it was not asked. */
  long answered(long number, PeerId peer, Collection<String> differing, long nanos) {
    Exchange exchange = open.get(number);
    if (exchange == null || !exchange.peer.equals(peer) || exchange.answered) {
      return -1;
    }
    exchange.answered = true;
    differing.forEach(key -> exchange.due.putIfAbsent(key, SOMETHING));
    if (contacted) {
      open.remove(number);
    }
    return nanos - exchange.askedAt;
  }

  /**
   * Message {@code piece} of {@code messages} about a key came; {@code wanted} is what it showed to
   * be newer.
   */
  void shown(long number, PeerId peer, String key, int piece, int messages, List<String> wanted) {
    Exchange exchange = contacted ? null : open.get(number);
    if (exchange == null || !exchange.peer.equals(peer)) {
      return;
    }
    Set<Integer> due = exchange.due.get(key);
    if (due == null || due == SOMETHING) {
      due = IntStream.range(0, messages).boxed().collect(Collectors.toCollection(HashSet::new));
      exchange.due.put(key, due);
    }
    due.remove(piece);
    wanted.forEach(id -> exchange.entries.add(new BroadcastQueue.Name(key, id)));
  }

  /** Entries came, from whomever. */
  void arrived(String key, Collection<String> ids) {
    if (!contacted && !open.isEmpty()) {
      Set<BroadcastQueue.Name> names =
          ids.stream().map(id -> new BroadcastQueue.Name(key, id)).collect(Collectors.toSet());
      open.values().forEach(exchange -> exchange.entries.removeAll(names));
    }
  }

  /** Peers of whom all has come that was newer there. */
  List<PeerId> over() {
    if (contacted) {
      return List.of();
    }
    List<PeerId> peers =
        open.values().stream().filter(Exchange::over).map(exchange -> exchange.peer).toList();
    if (!peers.isEmpty()) {
      contacted = true;
      open.clear();
    }
    return peers;
  }
}
