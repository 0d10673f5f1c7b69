package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may lead, as one node sees it: ACTIVE, well, kept by a ring-daemon, not abstaining, and not
 * barred. Barred for a while is a holder that was seen unwell, and this node itself when it could
 * not trust its own view. Pure: elapsed time is passed in. Confined to the loop. <b>Bounds:</b> a
 * note per instance.
 */
final class Candidates {
  /** A deposed leader leads again only after being well for so long without a break. */
  static final Duration PROBATION = Duration.ofSeconds(5);

  private final Map<String, Long> barredUntil = new HashMap<>();
  private final Map<String, Long> passedOver = new HashMap<>();
  private final Map<String, Abstaining> abstaining = new HashMap<>();

  /** An abstention and when this node first saw it, in elapsed time. */
  private record Abstaining(Abstention abstention, long arrived) {}

  /** The record changed: abstentions count from their arrival, so clocks are not compared. */
  void heard(LeaderRecord heard, long nanoTime) {
    heard
        .abstentions()
        .forEach(
            (id, abstention) -> {
              Abstaining known = abstaining.get(id);
              if (known == null || !known.abstention.equals(abstention)) {
                abstaining.put(id, new Abstaining(abstention, nanoTime));
              }
            });
    abstaining.keySet().retainAll(heard.abstentions().keySet());
  }

  /** Bars an instance for {@code duration} from now on, or as long as it already was. */
  void bar(String id, Duration duration, long nanoTime) {
    barredUntil.merge(id, nanoTime + duration.toNanos(), Math::max);
  }

  boolean barred(String id, long nanoTime) {
    Long until = barredUntil.get(id);
    return passedOver.containsKey(id) || (until != null && until - nanoTime > 0);
  }

  /** Bars an instance until there is a later heartbeat of it, and as long as a deposed leader. */
  void passOver(Instance instance) {
    passedOver.put(instance.id(), instance.desc().timestamp());
  }

  /** A holder that isn't well is deposed, from the last moment it was seen unwell. */
  void noteDeposed(Ring ring, Optional<Claim> claim, long nanoTime) {
    Optional<String> holder = claim.filter(held -> !held.released()).map(Claim::instanceId);
    for (Instance instance : ring.instances()) {
      boolean holds = holder.equals(Optional.of(instance.id()));
      Long last = passedOver.get(instance.id());
      if (last != null && instance.desc().timestamp() > last) {
        passedOver.remove(instance.id());
        bar(instance.id(), PROBATION, nanoTime);
      }
      if (!instance.health().well() && (holds || barred(instance.id(), nanoTime))) {
        bar(instance.id(), PROBATION, nanoTime);
      }
    }
    barredUntil.values().removeIf(until -> until - nanoTime <= 0);
    passedOver.keySet().removeIf(id -> ring.instance(id).isEmpty());
  }

  /** The instances that may lead. */
  List<Instance> of(Ring ring, LeaderRecord heard, long nanoTime) {
    return ring.instances().stream()
        .filter(candidate -> candidate.state() == InstanceState.ACTIVE)
        .filter(candidate -> candidate.health().well() && candidate.desc().ofRingDaemon())
        .filter(candidate -> abstention(candidate.id(), heard, nanoTime).isEmpty())
        .filter(candidate -> !barred(candidate.id(), nanoTime))
        .toList();
  }

  /** What an instance said that keeps it from leading now. */
  Optional<Abstention> abstention(String id, LeaderRecord heard, long nanoTime) {
    Abstaining known = abstaining.get(id);
    if (known == null) {
      return Optional.empty();
    }
    Abstention abstention = known.abstention;
    long lasts = Duration.ofMillis(abstention.until() - abstention.since()).toNanos();
    boolean ledSince = // and a while ago: else the lowest token would lead again at once
        abstention.epoch() > 0
            && nanoTime - known.arrived >= PROBATION.toNanos()
            && heard.claim().filter(claim -> claim.epoch() > abstention.epoch()).isPresent();
    return ledSince || nanoTime - known.arrived >= lasts
        ? Optional.empty()
        : Optional.of(abstention);
  }
}
