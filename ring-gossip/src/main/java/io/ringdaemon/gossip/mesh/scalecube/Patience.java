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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A node that is late itself accuses nobody: the answer may be waiting for its own loop. Shortly
 * before scalecube's failure detector would give a peer up, on a thread that isn't the loop, a
 * question is answered for the peer if the loop is behind, or was within the last four ping
 * intervals; but no more than twice in a row for one peer, so that a node which is always late
 * still notices a crash. Without this a cold start of 20 nodes on two cores went through a storm of
 * suspicion. The idea: local health, arXiv:1707.00788.
 *
 * <p><b>Threading:</b> any thread; {@link #beat} on the loop. <b>Bounds:</b> 2,000 peers.
 */
final class Patience {
  private static final int MOST_SPARED = 2;

  private final World world;
  private final Wire wire;
  private final LongAdder spared;
  private final long behindAfter;
  private final long remembered;
  private final Duration pingPatience;
  private final Duration pingReqPatience;
  private final Map<String, Integer> inRow = new ConcurrentHashMap<>(); // by member id
  private volatile long lastBeat;
  private volatile long lateUntil;

  /** Beats are expected each {@code period}. */
  Patience(World world, Wire wire, MeshTiming timing, Duration period, LongAdder spared) {
    this.world = world;
    this.wire = wire;
    this.spared = spared;
    Duration ping = Duration.ofMillis(timing.pingTimeoutMillis());
    behindAfter = period.plus(ping.dividedBy(4)).toNanos();
    remembered = Duration.ofMillis(4L * timing.pingIntervalMillis()).toNanos();
    pingPatience = ping.multipliedBy(9).dividedBy(10);
    pingReqPatience =
        Duration.ofMillis(timing.pingIntervalMillis()).minus(ping).multipliedBy(9).dividedBy(10);
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

  /** The same question, answered for the peer if need be. */
  Mono<Message> with(Message request, Mono<Message> question) {
    boolean ping = FailureDetectorImpl.PING.equals(request.qualifier());
    if (!ping && !FailureDetectorImpl.PING_REQ.equals(request.qualifier())) {
      return question;
    }
    Sinks.One<Message> instead = Sinks.one();
    AtomicBoolean settled = new AtomicBoolean();
    wire.later(
        ping ? pingPatience : pingReqPatience,
        () -> {
          if (!settled.get()) {
            answer(request).ifPresent(instead::tryEmitValue);
          }
        });
    return question.or(instead.asMono()).doFinally(any -> settled.set(true));
  }

  /** A peer answered by itself, or is no longer asked. */
  void settled(String memberId) {
    inRow.remove(memberId);
  }

  private Optional<Message> answer(Message request) {
    long now = world.nanoTime();
    SwimPing asked = PingDoor.write(request.data());
    String about = asked.getTo().getId();
    int before = inRow.getOrDefault(about, 0);
    boolean late = behind(now) || now - lateUntil < 0;
    if (!late || before >= MOST_SPARED || inRow.size() >= RecordWatch.MOST_MEMBERS) {
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

  private boolean behind(long now) {
    return now - lastBeat > behindAfter;
  }
}
