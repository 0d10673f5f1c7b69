package io.ringdaemon.gossip.mesh.scalecube;

import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs callbacks so that what one throws harms nothing else and is never lost: counted and logged.
 * Source: reference/scalecube.md 0.4. Any thread.
 */
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private final String node;
  private final Wire wire;
  private final MeshMetrics metrics;

  Guard(String node, Wire wire, MeshMetrics metrics) {
    this.node = node;
    this.wire = wire;
    this.metrics = metrics;
  }

  void run(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      metrics.failures.increment();
      LOG.error("node={} callback failed", node, e);
    }
  }

  /** Runs what may block, off the loop. */
  void offLoop(Runnable task) {
    try {
      wire.blocking().execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      metrics.failures.increment();
      LOG.error("node={} too many blocking tasks", node, e);
    }
  }
}
