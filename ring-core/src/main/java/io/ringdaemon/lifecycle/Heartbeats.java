package io.ringdaemon.lifecycle;

import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.Every;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the instance's entry anew each heartbeat period while it is in the ring, and tells who
 * wants to know whether the store takes its writes. Confined to the loop.
 */
final class Heartbeats {
  private final Surroundings around;
  private final LongAdder written;
  private final List<Consumer<Boolean>> writeListeners = new ArrayList<>();
  private boolean hangs;
  private @Nullable Every period;

  Heartbeats(Surroundings around, Metrics metrics) {
    this.around = around;
    written =
        metrics.counter(
            "ring_member_heartbeats_total",
            "Heartbeats written",
            "name",
            around.watcher().ring().name());
  }

  void start() {
    period = Every.start(around.world(), around.config().heartbeatPeriod(), 0.05, this::beat);
  }

  void stop() {
    if (period != null) {
      period.stop();
    }
  }

  /** Calls {@code listener} after each write, with whether the store took it. */
  void listenToWrites(Consumer<Boolean> listener) {
    writeListeners.add(listener);
  }

  /** A write has ended, of a heartbeat or of anything else. */
  void wrote(boolean taken) {
    List.copyOf(writeListeners).forEach(listener -> listener.accept(taken));
  }

  private void beat() {
    Phase at = around.standing().phase();
    if (around.writer().busy()) {
      if (hangs) { // since the beat before: a store that is silent takes nothing
        wrote(false);
      }
      hangs = true;
    } else if (at.inRing() && !withheld()) {
      hangs = false;
      around
          .writer()
          .write(
              ring -> around.own().put(ring, at.state(), at.claimed()),
              ring -> written.increment(),
              failure -> {});
    }
  }

  /** Members of other programs know nothing of checks: to them a sick instance falls silent. */
  private boolean withheld() {
    return !around.own().failingCheck().isEmpty()
        && around.watcher().desc().entries().stream()
            .anyMatch(entry -> !entry.isTombstone() && !entry.ofRingDaemon());
  }
}
