package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.proto.SwimRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sees suspicion and its refutation, of which scalecube tells nobody, in the records that pass our
 * transport. SUSPECT counts unless a higher incarnation was alive; ALIVE of a higher incarnation
 * takes it back. Source: reference/scalecube.md 2.4, 5.3. Pure. <b>Bounds:</b> 4,000 members, those
 * heard of longest ago forgotten first.
 */
final class RecordWatch {
  private static final int MOST = 4_000;

  private final Map<String, Integer> alive = newest();
  private final Map<String, Integer> suspected = newest();

  /** What the record changes in our belief. */
  Optional<PeerState> seen(SwimRecord record) {
    String id = record.getMember().getId();
    int incarnation = record.getIncarnation();
    int lived = alive.getOrDefault(id, -1);
    if (record.getStatus() == SwimRecord.Status.ALIVE) {
      alive.put(id, Math.max(lived, incarnation));
      Integer doubt = suspected.get(id);
      if (doubt != null && incarnation > doubt) {
        suspected.remove(id);
        return Optional.of(PeerState.ALIVE);
      }
    }
    if (record.getStatus() == SwimRecord.Status.SUSPECT && incarnation >= lived) {
      Integer before = suspected.put(id, incarnation);
      return before != null && before >= incarnation
          ? Optional.empty()
          : Optional.of(PeerState.SUSPECT);
    }
    return Optional.empty();
  }

  /** There was contact: an older suspicion is void. */
  void contacted(String memberId) {
    suspected.remove(memberId);
  }

  private static Map<String, Integer> newest() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
        return size() > MOST;
      }
    };
  }
}
