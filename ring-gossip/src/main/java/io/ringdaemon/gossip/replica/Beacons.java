package io.ringdaemon.gossip.replica;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Beacons on their way: they wait in the same queue as changes and go to the same peers, so their
 * age is the delay of changes. Each replica adds the time a beacon stayed with it and half a round
 * trip for the way; no two clocks are ever compared. About one in {@link #PERIOD} travels in the
 * whole cluster, however many nodes it has: who saw one lately sends none.
 *
 * <p>Pure; confined to its replica. <b>Bounds:</b> {@link #MOST} nodes, one beacon of each.
 */
final class Beacons {
  static final Duration PERIOD = Duration.ofSeconds(10);

  /** The key of beacons in a broadcast queue: no value has it. */
  static final String KEY = "";

  private static final int MOST = 1_000;
  private static final long OLDEST_MICROS = TimeUnit.MINUTES.toMicros(10);

  private record Held(Beacon beacon, long arrivedAt) {}

  private final Map<String, Held> newest = new Recent<>(MOST);
  private boolean any;
  private long lastSeen;
  private long sequence;

  /** A beacon of this node, if none passed here lately: its name for the queue. */
  Optional<String> emit(String node, long life, long nanos) {
    if (any && nanos - lastSeen < PERIOD.toNanos()) {
      return Optional.empty();
    }
    return Optional.of(hold(new Beacon(node, life, ++sequence, 0), nanos));
  }

  /** One arrived after {@code way}: its name for the queue, if it is new here. */
  Optional<String> arrived(Beacon beacon, Duration way, long nanos) {
    Held known = newest.get(beacon.node());
    boolean news =
        known == null
            || known.beacon.life() < beacon.life()
            || (known.beacon.life() == beacon.life()
                && known.beacon.sequence() < beacon.sequence());
    if (!news || beacon.ageMicros() > OLDEST_MICROS) {
      return Optional.empty();
    }
    long age = beacon.ageMicros() + TimeUnit.NANOSECONDS.toMicros(way.toNanos());
    return Optional.of(
        hold(new Beacon(beacon.node(), beacon.life(), beacon.sequence(), age), nanos));
  }

  private String hold(Beacon beacon, long nanos) {
    newest.put(beacon.node(), new Held(beacon, nanos));
    any = true;
    lastSeen = nanos;
    return beacon.node();
  }

  /** How old the beacon of that name was when it came. */
  Duration age(String name) {
    Held held = newest.get(name);
    return held == null
        ? Duration.ZERO
        : Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(held.beacon.ageMicros()));
  }

  /** Those of the names that are still young enough to be passed on, as old as they are now. */
  List<Beacon> toSend(List<String> names, long nanos) {
    return names.stream()
        .flatMap(name -> Optional.ofNullable(newest.get(name)).stream())
        .map(
            held ->
                new Beacon(
                    held.beacon.node(),
                    held.beacon.life(),
                    held.beacon.sequence(),
                    held.beacon.ageMicros()
                        + TimeUnit.NANOSECONDS.toMicros(nanos - held.arrivedAt)))
        .filter(beacon -> beacon.ageMicros() <= OLDEST_MICROS)
        .toList();
  }
}
