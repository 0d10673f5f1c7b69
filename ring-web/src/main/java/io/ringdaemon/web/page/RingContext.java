package io.ringdaemon.web.page;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.web.NodeStatus;
import io.ringdaemon.web.RingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a row must know beside its instance. */
record RingContext(
    String ring, Instant now, Optional<String> leader, String selfId, Duration heartbeatTimeout) {
  static RingContext of(RingStatus status, NodeStatus node, long nanoTime) {
    return new RingContext(
        status.name(),
        node.now(),
        status
            .leadership()
            .flatMap(leadership -> leadership.leaderAt(nanoTime))
            .map(Leadership.Leader::instanceId),
        status.selfId(),
        status.ring().options().heartbeatTimeout());
  }
}
