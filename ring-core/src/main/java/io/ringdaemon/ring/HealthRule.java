package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is healthy (design.md section 6): the entry's node isn't dead, its own check doesn't fail,
 * and its heartbeat is <i>fresh</i>: younger than the timeout by this node's clock, or one newer
 * than we knew arrived within the timeout of this node's elapsed time. A heartbeat from the future
 * counts from its arrival alone. So a skewed clock by itself makes nobody unhealthy, and none stays
 * healthy by it for ever.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Time:</b> passed in.
 */
final class HealthRule {
  private static final long CLOCK_AHEAD = 5;
  private static final long CLOCK_BEHIND =
      30; // no heartbeat travels for so long between the living
  private static final long NANOS = 1_000_000_000;

  /** What this node remembers of an instance beside its entry. */
  static final class Note {
    private long timestamp;
    private long arrived;
    private boolean hasArrived;
    private boolean oldOnArrival;
    private InstanceState state = InstanceState.LEFT;
    private Instant stateSince = Instant.EPOCH;
    private Health health = new Health(true, Optional.empty(), Instant.EPOCH, "");
  }

  private final long timeoutSeconds;
  private final long timeoutNanos;
  private final Liveness liveness;

  HealthRule(Duration timeout, Liveness liveness) {
    this.timeoutSeconds = timeout.toSeconds();
    this.timeoutNanos = timeout.toNanos();
    this.liveness = liveness;
  }

  /** The instance of an entry at this moment; {@code before} itself if nothing is different. */
  Instance judge(
      @Nullable Instance before,
      InstanceDesc entry,
      Tokens owned,
      Note note,
      Instant now,
      long nanos) {
    Liveness.Report node =
        entry.origin().known()
            ? liveness.of(entry.origin().node(), entry.origin().life())
            : Liveness.Report.UNKNOWN;
    boolean firstSight = note.timestamp == 0;
    if (entry.timestamp() > note.timestamp) {
      note.timestamp = entry.timestamp();
      note.oldOnArrival = !firstSight && entry.timestamp() < now.getEpochSecond() - CLOCK_BEHIND;
      // The first sight of an old heartbeat proves nothing, unless its node is there to see.
      if (!firstSight || node.state() == Liveness.State.ALIVE || fromTheFuture(entry, now)) {
        note.arrived = nanos;
        note.hasArrived = true;
      }
    }
    if (entry.state() != note.state) {
      note.state = entry.state();
      note.stateSince = now;
    }
    judgeHealth(entry, note, node, now, nanos);
    boolean clockOff = aheadOfTolerance(entry, now) || (note.oldOnArrival && note.health.healthy());
    if (before != null
        && before.desc().equals(entry)
        && before.owned().equals(owned)
        && before.health().equals(note.health)
        && before.stateSince().equals(note.stateSince)
        && before.clockOff() == clockOff) {
      return before;
    }
    return new Instance(entry, owned, note.health, note.stateSince, clockOff);
  }

  private void judgeHealth(
      InstanceDesc entry, Note note, Liveness.Report node, Instant now, long nanos) {
    Health.@Nullable Reason reason = reason(entry, note, node, now, nanos);
    if (reason != note.health.reason().orElse(null)) {
      note.health = health(reason, entry, node, now);
    } else if (reason == null && note.health.since().equals(Instant.EPOCH)) {
      note.health = new Health(true, Optional.empty(), now, "");
    }
  }

  private Health.@Nullable Reason reason(
      InstanceDesc entry, Note note, Liveness.Report node, Instant now, long nanos) {
    if (node.state() == Liveness.State.DEAD || node.state() == Liveness.State.LEFT) {
      return Health.Reason.DEAD;
    }
    if (!entry.origin().failingCheck().isEmpty()) {
      return Health.Reason.CHECK;
    }
    if (!fresh(entry, note, now, nanos)) {
      return Health.Reason.HEARTBEAT;
    }
    return node.state() == Liveness.State.SUSPECT ? Health.Reason.SUSPECTED : null;
  }

  private Health health(
      Health.@Nullable Reason reason, InstanceDesc entry, Liveness.Report node, Instant now) {
    if (reason == null) {
      return new Health(true, Optional.empty(), now, "");
    }
    String its = "its node " + entry.origin().node();
    return switch (reason) {
      case DEAD ->
          ill(
              false,
              reason,
              node.since(),
              its + (node.state() == Liveness.State.DEAD ? " stopped answering" : " has left"));
      case CHECK -> ill(false, reason, now, "its check fails: " + entry.origin().failingCheck());
      case HEARTBEAT ->
          ill(false, reason, now, "no heartbeat for longer than %d s".formatted(timeoutSeconds));
      case SUSPECTED -> ill(true, reason, node.since(), its + " does not answer");
    };
  }

  private static Health ill(boolean healthy, Health.Reason reason, Instant since, String detail) {
    return new Health(healthy, Optional.of(reason), since, detail);
  }

  private boolean fresh(InstanceDesc entry, Note note, Instant now, long nanos) {
    return (note.hasArrived && nanos - note.arrived <= timeoutNanos)
        || (!fromTheFuture(entry, now) && !olderThanTimeout(entry, now));
  }

  private static boolean fromTheFuture(InstanceDesc entry, Instant now) {
    return entry.timestamp() > now.getEpochSecond();
  }

  private static boolean aheadOfTolerance(InstanceDesc entry, Instant now) {
    return entry.timestamp() > now.getEpochSecond() + CLOCK_AHEAD;
  }

  /** Of a heartbeat not from the future, be its timestamp any number. */
  private boolean olderThanTimeout(InstanceDesc entry, Instant now) {
    return entry.timestamp() < now.getEpochSecond() - timeoutSeconds - 1
        || (now.getEpochSecond() - entry.timestamp()) * NANOS + now.getNano() > timeoutNanos;
  }
}
