package io.ringdaemon.gossip.mesh.scalecube;

import io.scalecube.cluster.transport.api.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.MonoSink;

/**
 * Who waits for which answer. Several may wait for one correlation id: three ping-reqs share that
 * of the ping that failed, and the first answer is for all of them. With one place per id a single
 * cut link made two healthy nodes remove each other. Source: reference/scalecube.md 4.1. Confined
 * to the loop. <b>Bounds:</b> 10,000 waiting.
 */
final class Waiters {
  static final int MOST = 10_000;

  private final Map<String, List<MonoSink<Message>>> byCorrelation = new HashMap<>();
  private int size;

  /** False when there are too many. */
  boolean add(String correlation, MonoSink<Message> waiter) {
    if (size >= MOST) {
      return false;
    }
    byCorrelation.computeIfAbsent(correlation, id -> new ArrayList<>(1)).add(waiter);
    size++;
    return true;
  }

  boolean waiting(String correlation) {
    return byCorrelation.containsKey(correlation);
  }

  void remove(String correlation, MonoSink<Message> waiter) {
    List<MonoSink<Message>> waiters = byCorrelation.get(correlation);
    if (waiters != null && waiters.remove(waiter)) {
      size--;
      if (waiters.isEmpty()) {
        byCorrelation.remove(correlation);
      }
    }
  }

  /** Takes off all who wait for this. */
  List<MonoSink<Message>> take(String correlation) {
    List<MonoSink<Message>> waiters = byCorrelation.remove(correlation);
    if (waiters == null) {
      return List.of();
    }
    size -= waiters.size();
    return waiters;
  }

  int size() {
    return size;
  }
}
