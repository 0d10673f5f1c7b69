package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.SwimPing;
import io.ringdaemon.time.World;
import io.scalecube.cluster.fdetector.FailureDetectorImpl;
import io.scalecube.cluster.fdetector.PingDoor;
import io.scalecube.cluster.transport.api.Message;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A node that is late itself accuses nobody: an answer that came in time may be waiting for its own
 * loop. While the loop is behind, or was within the last four ping intervals, questions of
 * scalecube's failure detector are answered for the peer; but no more than twice in a row for one
 * peer, so that a node which is always late still notices a crash. Without this a cold start of 20
 * nodes on two cores went through a storm of suspicion. The idea: local health, arXiv:1707.00788.
 *
 * <p><b>Threading:</b> any thread; {@link #beat} on the loop. <b>Bounds:</b> 2,000 peers.
 */
final class Patience {
  private static final int MOST_SPARED = 2;

  private final World world;
  private final LongAdder spared;
  private final long period;
  private final long tolerated;
  private final long remembered;
  private final Map<String, Integer> inRow = new ConcurrentHashMap<>(); // by member id
  private volatile long lastBeat;
  private volatile long lateUntil;

  /** Beats are expected each {@code period}. */
  Patience(World world, MeshTiming timing, Duration period, LongAdder spared) {
    this.world = world;
    this.spared = spared;
    this.period = period.toNanos();
    tolerated = Duration.ofMillis(timing.pingTimeoutMillis()).toNanos() / 2;
    remembered = Duration.ofMillis(4L * timing.pingIntervalMillis()).toNanos();
    lastBeat = world.nanoTime();
    lateUntil = lastBeat;
  }

  /** The loop is here. */
  void beat() {
    long now = world.nanoTime();
    if (behind(now)) {
      lateUntil = now + remembered;
    }
    lastBeat = now;
  }

  /** What to answer a ping or ping-req with instead of asking, if that. */
  Optional<Message> instead(Message request) {
    boolean ping = FailureDetectorImpl.PING.equals(request.qualifier());
    if ((!ping && !FailureDetectorImpl.PING_REQ.equals(request.qualifier())) || !late()) {
      return Optional.empty();
    }
    SwimPing asked = PingDoor.write(request.data());
    String about = asked.getTo().getId();
    int before = inRow.getOrDefault(about, 0);
    if (before >= MOST_SPARED || inRow.size() >= RecordWatch.MOST_MEMBERS) {
      return Optional.empty();
    }
    inRow.put(about, before + 1);
    spared.increment();
    SwimPing answer = asked.toBuilder().setAck(SwimPing.Ack.DEST_OK).build();
    return Optional.of(
        Message.withData(PingDoor.read(answer))
            .qualifier(FailureDetectorImpl.PING_ACK)
            .correlationId(request.correlationId())
            .sender(asked.getTo().getAddress())
            .build());
  }

  /** A peer answered by itself, or is no longer asked. */
  void settled(String memberId) {
    inRow.remove(memberId);
  }

  private boolean late() {
    long now = world.nanoTime();
    return behind(now) || now - lateUntil < 0;
  }

  private boolean behind(long now) {
    return now - lastBeat > period + tolerated;
  }
}
