package io.ringdaemon.daemon.hooks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In what order hooks of one ring run: one at a time, a stop after its start, a start after the
 * stop before it. A leadership that ended before its start hooks began is left out whole, start and
 * stop. A stop whose start ran, or was cut short, always runs. Pure. <b>Bounds:</b> two wait.
 */
final class HookQueue {
  /** Hooks of a begin or an end of a leadership. */
  record Run(boolean start, long epoch) {
    String option() {
      return start ? "on_leader_start" : "on_leader_stop";
    }
  }

  private final Deque<Run> waiting = new ArrayDeque<>();
  private @Nullable Run running;
  private long leading;
  private long leftOut;

  /**
   * This node's instance leads with {@code epoch}; 0: it doesn't. True: what runs now is a start
   * whose leadership is over, and must be cut short.
   */
  boolean leads(long epoch) {
    if (epoch == leading) {
      return false;
    }
    if (leading != 0) {
      end(leading);
    }
    leading = epoch;
    if (epoch != 0) {
      waiting.add(new Run(true, epoch));
    }
    return running != null && running.start && running.epoch != epoch;
  }

  private void end(long epoch) {
    Run last = waiting.peekLast();
    if (last != null && last.start) {
      waiting.removeLast();
      leftOut++;
    } else {
      waiting.add(new Run(false, epoch));
    }
  }

  /** What shall run now; empty: nothing, or something runs. */
  Optional<Run> next() {
    if (running != null) {
      return Optional.empty();
    }
    running = waiting.poll();
    return Optional.ofNullable(running);
  }

  /** What ran has ended. */
  void done() {
    running = null;
  }

  boolean idle() {
    return running == null && waiting.isEmpty();
  }

  /** Leaderships that were over before their hooks began. */
  long leftOut() {
    return leftOut;
  }
}
