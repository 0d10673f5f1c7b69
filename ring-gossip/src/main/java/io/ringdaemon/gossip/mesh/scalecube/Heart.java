package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.World;
import io.scalecube.cluster.Member;
import io.scalecube.cluster.membership.MembershipEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scalecube's life in this process: begun, watched, and begun anew when a part of it has gone deaf.
 * The others notice nothing of that: same member, numbers of its gossip that go on. Who isn't met
 * again afterwards is reported as gone. Source: reference/scalecube.md 0.4, 5, 7.
 *
 * <p>Confined to the loop. <b>Bounds:</b> anew at most once a minute.
 */
final class Heart {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final Logger LOG = LoggerFactory.getLogger(Heart.class);

  /** What an engine and its transport are made of. */
  record Parts(
      World world,
      MeshConfig config,
      String memberId,
      Links links,
      MeshMetrics metrics,
      RecordWatch records,
      PeerTable peers,
      Guard guard) {}

  private final Parts parts;
  private final Consumer<MembershipEvent> events;
  private final Consumer<Member> vanished;
  private final Patience patience;
  private final Vitals vitals;
  private final Map<String, Member> unconfirmed = new LinkedHashMap<>(); // by member id
  private MeshTransport transport;
  private Engine engine;
  private @Nullable Member self;
  private long begun;
  private boolean started;
  private boolean stopped;

  /**
   * @param events on the loop
   * @param vanished told of members that were there before it began anew, and no longer are
   */
  Heart(
      Parts parts, Patience patience, Consumer<MembershipEvent> events, Consumer<Member> vanished) {
    this.parts = parts;
    this.events = events;
    this.vanished = vanished;
    this.patience = patience;
    vitals = new Vitals(parts.world, parts.config.timing());
    transport = transport(0);
    engine = engine(transport);
  }

  MeshTransport transport() {
    return transport;
  }

  /** We are bound; {@code member} is what others shall know. */
  void introduce(Member member) {
    self = member;
    transport.introduce(member);
  }

  /** Begins, or begins anew, with these addresses to look for others. */
  void start(List<String> seeds) {
    started = true;
    begun = parts.world.nanoTime();
    vitals.reset();
    Engine starting = engine;
    parts.guard.offLoop(() -> starting.start(seeds));
  }

  void stop() {
    stopped = true;
    transport.mute();
    Engine ending = engine;
    parts.guard.offLoop(ending::stop);
  }

  /** Looks after it; call it each second. */
  void look() {
    if (!started || stopped) {
      return;
    }
    long age = parts.world.nanoTime() - begun;
    if (!unconfirmed.isEmpty() && age > suspicion().plus(GRACE).toNanos()) {
      List<Member> gone = List.copyOf(unconfirmed.values());
      unconfirmed.clear();
      gone.forEach(vanished);
    }
    Optional<String> deaf = vitals.deaf(parts.peers.alone());
    if (deaf.isPresent() && age > PAUSE.toNanos()) {
      LOG.error("node={} {}; starting it anew", parts.config.nodeName(), deaf.get());
      beginAnew();
    }
  }

  private Duration suspicion() {
    return Duration.ofMillis(parts.config.timing().suspicionMillis(1 + parts.peers.reachable()));
  }

  private void beginAnew() {
    parts.metrics.restarts.increment();
    parts.peers.reachableMembers().forEach(member -> unconfirmed.put(member.id(), member));
    MeshTransport old = transport;
    Engine ending = engine;
    old.mute();
    parts.guard.offLoop(ending::stop);
    transport = transport(old.nextSequence());
    engine = engine(transport);
    if (self != null) {
      transport.introduce(self);
    }
    start(List.copyOf(parts.peers.reachableAddresses()));
  }

  private MeshTransport transport(long firstSequence) {
    return new MeshTransport(parts, patience, vitals, firstSequence);
  }

  private Engine engine(MeshTransport over) {
    return new Engine(
        parts.config,
        parts.memberId,
        over,
        parts.metrics,
        event -> parts.world.loop().execute(() -> parts.guard.run(() -> onEvent(over, event))));
  }

  private void onEvent(MeshTransport from, MembershipEvent event) {
    if (from == transport) { // an engine that was given up may still speak
      unconfirmed.remove(event.member().id());
      if (event.isRemoved()) {
        patience.settled(event.member().id());
      }
      events.accept(event);
    }
  }
}
