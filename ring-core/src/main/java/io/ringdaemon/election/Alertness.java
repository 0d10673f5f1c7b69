package io.ringdaemon.election;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Whether this node may trust its own view (design.md section 7, "stepping down comes first"): not
 * when its loop stood still, its wall clock jumped, or it lost sight of more than half of at least
 * three others at once. Pure: told of each tick, says why not.
 */
final class Alertness {
  /** A loop later than this held still: longer than a peer waits before it suspects us. */
  static final Duration STANDSTILL = Duration.ofSeconds(1);

  private static final Duration GRAVE = Duration.ofSeconds(5);
  private static final Duration CLOCK_JUMP = Duration.ofSeconds(10);
  private static final Duration AT_ONCE = Duration.ofSeconds(3);

  private record Sight(long at, int others) {}

  private final Deque<Sight> sights = new ArrayDeque<>();
  private long lastTick;
  private Instant lastWall;

  Alertness(long nanoTime, Instant wall) {
    lastTick = nanoTime;
    lastWall = wall;
  }

  /**
   * Why the view can't be trusted.
   *
   * @param grave whether so much may have happened meanwhile that peers must be heard first
   */
  record Doubt(String why, boolean grave) {}

  /**
   * When the view was last trusted, or found wanting, in elapsed time. What follows from it is good
   * from then on: a loop that stood still may run other tasks before its next tick.
   */
  long lastTick() {
    return lastTick;
  }

  /** One tick; empty: the view can be trusted. */
  Optional<Doubt> tick(long nanoTime, Instant wall, int othersInSight) {
    long pause = nanoTime - lastTick;
    Duration jump = Duration.between(lastWall, wall).minusNanos(pause).abs();
    lastTick = nanoTime;
    lastWall = wall;
    sights.addLast(new Sight(nanoTime, othersInSight));
    while (sights.getFirst().at < nanoTime - AT_ONCE.toNanos()) {
      sights.removeFirst();
    }
    if (pause > STANDSTILL.toNanos()) {
      sights.clear();
      sights.addLast(new Sight(nanoTime, othersInSight));
      return Optional.of(
          new Doubt(
              "this process stood still for %.1f s".formatted(pause / 1e9),
              pause > GRAVE.toNanos()));
    }
    if (jump.compareTo(CLOCK_JUMP) > 0) {
      return Optional.of(
          new Doubt("the wall clock jumped by %d s".formatted(jump.toSeconds()), true));
    }
    int before = sights.stream().mapToInt(Sight::others).max().orElse(0);
    if (before >= 3 && (before - othersInSight) * 2 > before) {
      return Optional.of(
          new Doubt(
              "lost sight of %d of %d others at once".formatted(before - othersInSight, before),
              true));
    }
    return Optional.empty();
  }
}
