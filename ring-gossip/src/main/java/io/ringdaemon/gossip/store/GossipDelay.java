package io.ringdaemon.gossip.store;

import io.ringdaemon.metrics.Latency;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.metrics.Percentiles;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long changes take to come here, as beacons tell: since the start for metrics, and of the last
 * ten to twenty minutes for a page. Two histograms overlap by half, the older one is shown.
 *
 * <p><b>Threading:</b> {@link #record} on the loop; {@link #lately} from any thread.
 */
final class GossipDelay {
  private static final long HALF = TimeUnit.MINUTES.toNanos(10);

  private final Latency sinceStart;
  private volatile Percentiles older = new Percentiles();
  private Percentiles younger = new Percentiles();
  private long turnedAt;

  GossipDelay(Metrics metrics, long nanos) {
    this.sinceStart =
        metrics.latency(
            "ring_daemon_gossip_delay_seconds",
            "How long a change takes from another node to this one, measured by beacons");
    this.turnedAt = nanos;
  }

  void record(Duration delay, long nanos) {
    if (nanos - turnedAt > HALF) {
      older = nanos - turnedAt > 2 * HALF ? new Percentiles() : younger;
      younger = new Percentiles();
      turnedAt = nanos;
    }
    sinceStart.record(delay.toNanos());
    older.record(delay.toNanos());
    younger.record(delay.toNanos());
  }

  Percentiles.Snapshot lately() {
    return older.snapshot();
  }
}
