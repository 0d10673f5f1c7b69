package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.Swim;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Notices when a part of scalecube has gone deaf: one exception in a callback of it ends that
 * subscription for good, with nothing but a line in the log (reference/scalecube.md 0.4, 7). Alive
 * is: whoever asks gets an answer, and somebody is asked while there is anybody. Confined to the
 * loop, except {@link #pinged}. <b>Time:</b> 10 s, or ten ping intervals.
 */
final class Vitals {
  private static final Duration LEAST = Duration.ofSeconds(10);
  private static final int MOST_UNANSWERED = 3;

  private enum Question {
    PING,
    SYNC,
    METADATA
  }

  private static final class Open {
    private int asked;
    private long since;
  }

  private final World world;
  private final long limit;
  private final Map<Question, Open> open = new EnumMap<>(Question.class);
  private volatile long lastPing;

  Vitals(World world, MeshTiming timing) {
    this.world = world;
    limit =
        Math.max(LEAST.toNanos(), Duration.ofMillis(10L * timing.pingIntervalMillis()).toNanos());
    reset();
  }

  /** It begins, or begins anew. */
  void reset() {
    open.clear();
    lastPing = world.nanoTime();
  }

  /** Its failure detector asks somebody. Any thread. */
  void pinged() {
    lastPing = world.nanoTime();
  }

  /** A message reached it. */
  void received(Swim swim) {
    switch (swim.getPayloadCase()) {
      case PING -> asked(Question.PING);
      case SYNC -> asked(Question.SYNC);
      case METADATA_REQUEST -> asked(Question.METADATA);
      default -> {}
    }
  }

  /** A message of it goes out. */
  void sent(Swim swim) {
    switch (swim.getPayloadCase()) {
      case PING_ACK -> open.remove(Question.PING);
      case SYNC_ACK -> open.remove(Question.SYNC);
      case METADATA_RESPONSE -> open.remove(Question.METADATA);
      default -> {}
    }
  }

  /** What is deaf, in words; look each second. */
  Optional<String> deaf(boolean alone) {
    long now = world.nanoTime();
    if (alone) {
      lastPing = now; // there is nobody to ask
    } else if (now - lastPing > limit) {
      return Optional.of("failure detector: it asks nobody");
    }
    return open.entrySet().stream()
        .filter(one -> one.getValue().asked >= MOST_UNANSWERED)
        .filter(one -> now - one.getValue().since > limit)
        .map(one -> "membership: it answers no " + one.getKey())
        .findFirst();
  }

  private void asked(Question question) {
    Open one = open.computeIfAbsent(question, any -> new Open());
    if (one.asked == 0) {
      one.since = world.nanoTime();
    }
    one.asked++;
  }
}
