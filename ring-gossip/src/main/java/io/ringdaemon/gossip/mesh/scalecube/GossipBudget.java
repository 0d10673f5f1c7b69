package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.SwimRecord;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Dampens scalecube's membership gossip, which grows with the square of what changes at once: the
 * same record goes to the same node once in 10 s, and 500 a second leave this node. What is held
 * back is repaired by SYNC. Source: reference/scalecube.md 5.4. Pure; <b>bounds:</b> what 10 s can
 * hold.
 */
final class GossipBudget {
  enum Verdict {
    SEND,
    REPEATED,
    OVER
  }

  private record Sent(String to, String memberId, SwimRecord.Status status, int incarnation) {}

  private static final long WINDOW = Duration.ofSeconds(10).toNanos();
  static final int PER_SECOND = 500;

  private final Map<Sent, Long> recent = new LinkedHashMap<>(); // in the order of sending
  private double allowance = PER_SECOND;
  private long last;
  private boolean begun;

  Verdict ask(String to, SwimRecord record, long now) {
    refill(now);
    Iterator<Long> oldest = recent.values().iterator();
    while (oldest.hasNext() && now - oldest.next() > WINDOW) {
      oldest.remove();
    }
    Sent sent =
        new Sent(to, record.getMember().getId(), record.getStatus(), record.getIncarnation());
    if (recent.containsKey(sent)) {
      return Verdict.REPEATED;
    }
    if (allowance < 1) {
      return Verdict.OVER;
    }
    allowance--;
    recent.put(sent, now);
    return Verdict.SEND;
  }

  private void refill(long now) {
    if (begun) {
      allowance = Math.min(PER_SECOND, allowance + (now - last) * PER_SECOND / 1e9);
    }
    begun = true;
    last = now;
  }
}
