package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.replica.Replica;
import io.ringdaemon.metrics.Metrics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of our own messages, apart from the mesh's. Confined to the loop. */
final class GossipMetrics {
  private record Pair(LongAdder bytes, LongAdder messages) {}

  private final Metrics metrics;
  private final Map<String, Pair> sent = new HashMap<>();
  private final Map<String, Pair> received = new HashMap<>();
  private final LongAdder malformed;
  private final LongAdder abroad;

  GossipMetrics(Metrics metrics, Replica replica) {
    this.metrics = metrics;
    this.malformed =
        metrics.counter(
            "ring_daemon_gossip_malformed_messages_total",
            "Messages dropped because they are not ours");
    this.abroad =
        metrics.counter(
            "ring_daemon_gossip_cross_zone_sent_bytes_total",
            "Bytes of our own gossip messages sent to other zones, with zone-aware routing");
    metrics.gauge(
        "ring_daemon_gossip_queued_broadcasts", "Changes waiting to be passed on", replica::queued);
    metrics.gauge(
        "ring_daemon_gossip_queued_heartbeats",
        "Signs of life waiting to be passed on",
        replica::queuedBeats);
    metrics.gauge(
        "ring_daemon_gossip_dropped_broadcasts",
        "Changes dropped for want of room; anti-entropy repairs them",
        replica::droppedBroadcasts);
    metrics.gauge(
        "ring_daemon_gossip_withheld_answers",
        "Answers not given because the peer had its share of that second; it asks again",
        replica::withheldAnswers);
    metrics.gauge(
        "ring_daemon_gossip_forgotten_tombstones",
        "Tombstones dropped early because there were too many",
        replica::forgottenTombstones);
    metrics.gauge(
        "ring_daemon_gossip_refused_keys", "Updates refused: too many keys", replica::refusedKeys);
  }

  void sent(String kind, int bytes, boolean toAnotherZone) {
    count(sent, "sent", kind, bytes);
    if (toAnotherZone) {
      abroad.add(bytes);
    }
  }

  void received(String kind, int bytes) {
    count(received, "received", kind, bytes);
  }

  void malformed() {
    malformed.increment();
  }

  private void count(Map<String, Pair> kinds, String direction, String kind, int bytes) {
    Pair pair =
        kinds.computeIfAbsent(
            kind,
            any ->
                new Pair(
                    metrics.counter(
                        "ring_daemon_gossip_" + direction + "_bytes_total",
                        "Bytes of our own gossip messages " + direction,
                        "kind",
                        kind),
                    metrics.counter(
                        "ring_daemon_gossip_" + direction + "_messages_total",
                        "Our own gossip messages " + direction,
                        "kind",
                        kind)));
    pair.bytes.add(bytes);
    pair.messages.increment();
  }
}
