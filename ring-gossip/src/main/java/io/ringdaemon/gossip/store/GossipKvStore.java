package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.replica.Directive;
import io.ringdaemon.gossip.replica.Directive.BroadcastSoon;
import io.ringdaemon.gossip.replica.Directive.Contacted;
import io.ringdaemon.gossip.replica.Directive.Delayed;
import io.ringdaemon.gossip.replica.Directive.NotifyWatchers;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Replica;
import io.ringdaemon.gossip.replica.Replica.Moment;
import io.ringdaemon.gossip.wire.MessageCodec;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.Watchers;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.metrics.Percentiles;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Values shared by gossip: feeds a {@link Replica} with what happens and carries out its directives
 * over a {@link Mesh}. A compare-and-set never conflicts here, as each node changes only its own
 * copy; the change is merged by all others.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> the replica's, and a send queue the
 * mesh bounds.
 */
public final class GossipKvStore implements KvStore, Mesh.Listener {
  private static final Duration SOON = Duration.ofMillis(10);
  private static final Duration BEATS = Duration.ofSeconds(2);
  private static final Duration COMPARE = Duration.ofSeconds(1);
  private static final Duration BEACON = Duration.ofSeconds(10);
  private static final Duration PURGE = Duration.ofMinutes(1);
  private static final Duration DRAIN = Duration.ofMillis(500);
  private static final int GREETINGS_A_SECOND = 3;
  private static final int MOST_TOMBSTONES = 10_000;

  private final World world;
  private final Mesh mesh;
  private final GossipConfig config;
  private final MessageCodec codec;
  private final Replica replica;
  private final MeshLiveness liveness;
  private final MeshCourier courier;
  private final Routing routing;
  private final GossipMetrics metrics;
  private final GossipDelay delay;
  private final MessageHistory history = new MessageHistory();
  private final Map<String, Watched<?>> watched = new TreeMap<>();
  private final List<Consumer<Peer>> peerListeners = new ArrayList<>();
  private final CompletableFuture<Void> firstContact = new CompletableFuture<>();
  private final Set<PeerId> ungreeted = new LinkedHashSet<>();
  private volatile Collection<Replica.Held> held = List.of();
  private boolean broadcastPlanned;
  private long beatsSent;
  private long greetedAt;
  private int greeted;

  private record Watched<V extends Mergeable<V>>(Key<V> key, Watchers<V> watchers) {}

  /** A message once encoded: it mostly goes to several peers. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Encoded(Message message, byte[] bytes) {}

  public GossipKvStore(
      World world, Mesh mesh, GossipConfig config, Collection<Codec<?>> codecs, Metrics metrics) {
    this.world = world;
    this.mesh = mesh;
    this.config = config;
    this.codec = new MessageCodec(codecs);
    this.replica =
        new Replica(
            new Replica.Retention(config.tombstoneRetention(), MOST_TOMBSTONES),
            codecs.stream().<String>map(Codec::id).toList());
    this.liveness = new MeshLiveness(world, mesh);
    this.routing = new Routing(world, mesh, config.gossipNodes(), config.zoneRouting());
    this.metrics = new GossipMetrics(metrics, replica);
    this.delay = new GossipDelay(metrics, world.nanoTime());
    this.courier =
        new MeshCourier(world, mesh, (to, message) -> send(to, encoded(message)), metrics);
  }

  /** Starts the mesh; completes when it is bound. */
  public CompletionStage<Void> start() {
    return mesh.start(this)
        .thenRun(
            () -> {
              Every.start(world, config.gossipInterval(), 0.1, this::broadcast);
              Every.start(world, COMPARE, 0.3, this::compareWithSomebody);
              Every.start(world, config.pullPushInterval(), 0.2, this::exchangeWithSomebody);
              Every.start(world, Duration.ofMillis(350), 0, this::greet);
              Every.start(world, BEACON, 0.2, this::beacon);
              Every.start(world, PURGE, 0.1, this::purge);
            });
  }

  /** What is known of nodes. */
  public Liveness liveness() {
    return liveness;
  }

  /** Carries messages of other parts of the program to other nodes. */
  public Courier courier() {
    return courier;
  }

  /** What is held, for a page: an immutable snapshot. Any thread. */
  public Collection<Replica.Held> held() {
    return held;
  }

  /** The last messages. Any thread. */
  public MessageHistory history() {
    return history;
  }

  /** Changes waiting to be passed on. Any thread. */
  public int queued() {
    return replica.queued();
  }

  /**
   * The zone gossip stays in, but for bridges; empty if it takes no notice of zones. Any thread.
   */
  public String routedZone() {
    return config.zoneRouting().enabled() ? config.zoneRouting().zone() : "";
  }

  /** How long changes of other nodes took to come here in the last minutes. Any thread. */
  public Percentiles.Snapshot delay() {
    return delay.lately();
  }

  /** Calls {@code listener} on the loop whenever a peer is new or its state changed. */
  public void listenToPeers(Consumer<Peer> listener) {
    peerListeners.add(listener);
  }

  @Override
  public <V extends Mergeable<V>> V get(Key<V> key) {
    return replica.get(key);
  }

  @Override
  public <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update) {
    assert world.loop().inside() : "cas outside the loop";
    try {
      carryOut(replica.onLocal(key, update.apply(replica.get(key)), world.now()));
      return CompletableFuture.completedFuture(replica.get(key));
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  @Override
  public CompletionStage<List<String>> list(String prefix) {
    return CompletableFuture.completedFuture(
        replica.held().stream()
            .filter(one -> one.value().content().size() > one.value().tombstones())
            .map(one -> one.key().name())
            .filter(name -> name.startsWith(prefix))
            .sorted()
            .toList());
  }

  @Override
  public CompletionStage<Void> delete(Key<?> key) {
    assert world.loop().inside() : "delete outside the loop";
    carryOut(replica.onDelete(key, world.now()));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> watcher) {
    Watch watch = watched(key).watchers.add(watcher);
    watcher.accept(replica.get(key));
    return watch;
  }

  @SuppressWarnings("unchecked") // a key's name and codec belong together
  private <V extends Mergeable<V>> Watched<V> watched(Key<V> key) {
    return (Watched<V>)
        watched.computeIfAbsent(key.name(), name -> new Watched<>(key, new Watchers<V>()));
  }

  @Override
  public CompletionStage<Void> firstContact() {
    return firstContact;
  }

  /** Completes when every local change has been sent to somebody, or after half a second. */
  public CompletionStage<Void> drained() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    broadcastChanges();
    awaitDrained(drained, world.nanoTime() + DRAIN.toNanos());
    return drained;
  }

  private void awaitDrained(CompletableFuture<Void> drained, long deadline) {
    if (!replica.hasUnsent() || routing.reachable().isEmpty() || world.nanoTime() > deadline) {
      drained.complete(null);
    } else {
      world.loop().after(Duration.ofMillis(20), () -> awaitDrained(drained, deadline));
    }
  }

  @Override
  public void peerChanged(Peer peer) {
    assert world.loop().inside() : "outside the loop";
    routing.refresh();
    if (peer.state() == PeerState.ALIVE) {
      liveness.met(peer.id());
      ungreeted.add(peer.id());
      greet();
    } else if (!peer.state().reachable()) {
      ungreeted.remove(peer.id());
    }
    List.copyOf(peerListeners).forEach(listener -> listener.accept(peer));
  }

  @Override
  public void received(PeerId from, byte[] bytes) {
    assert world.loop().inside() : "outside the loop";
    Message message;
    try {
      message = codec.decode(bytes);
    } catch (MalformedValueException refused) {
      metrics.malformed();
      return;
    }
    metrics.received(message.kind(), bytes.length);
    List<Directive> todo =
        message instanceof Message.Direct
            ? List.of()
            : replica.onMessage(from, message, liveness::gone, moment());
    history.received(world.now(), from, bytes.length, message, changed(todo));
    if (message instanceof Message.Direct direct) {
      courier.deliver(from, direct);
    }
    if (message instanceof Message.Summary summary && liveness.heard(summary.gone())) {
      mesh.peers().stream().findFirst().ifPresent(any -> peerListeners.forEach(l -> l.accept(any)));
    }
    carryOut(todo);
  }

  private static List<String> changed(List<Directive> todo) {
    return todo.stream()
        .filter(NotifyWatchers.class::isInstance)
        .map(notify -> ((NotifyWatchers) notify).key())
        .distinct()
        .toList();
  }

  /** An exchange with each peer that is new to us, a few a second: many may come at once. */
  private void greet() {
    if (world.nanoTime() - greetedAt > Duration.ofSeconds(1).toNanos()) {
      greetedAt = world.nanoTime();
      greeted = 0;
    }
    while (!ungreeted.isEmpty() && greeted < GREETINGS_A_SECOND) {
      PeerId next = ungreeted.iterator().next();
      ungreeted.remove(next);
      if (routing.tells(next) || !firstContact.isDone()) {
        greeted++;
        carryOut(replica.exchange(next, world.nanoTime()));
      }
    }
  }

  /** Before the first contact everything is compared, with whomever, so that it soon comes. */
  private void compareWithSomebody() {
    routing.refresh();
    if (firstContact.isDone()) {
      routing.somebody().ifPresent(peer -> carryOut(replica.compare(peer)));
    } else {
      routing.anybody().ifPresent(peer -> carryOut(replica.exchange(peer, world.nanoTime())));
    }
  }

  private void exchangeWithSomebody() {
    routing.somebody().ifPresent(peer -> carryOut(replica.exchange(peer, world.nanoTime())));
  }

  private Moment moment() {
    return new Moment(world.now(), world.nanoTime());
  }

  private void purge() {
    replica.purge(world.now());
    held = replica.held();
  }

  private void beacon() {
    carryOut(replica.beacon(mesh.self().id(), world.nanoTime()));
  }

  private void broadcast() {
    boolean beats = world.nanoTime() - beatsSent >= BEATS.toNanos();
    if (beats) {
      beatsSent = world.nanoTime();
    }
    broadcast(beats);
  }

  private void broadcastChanges() {
    broadcastPlanned = false;
    broadcast(false);
  }

  private void broadcast(boolean beats) {
    carryOut(replica.broadcast(routing.receivers(), routing.told(), beats, world.nanoTime()));
  }

  private void carryOut(List<Directive> directives) {
    Encoded last = null;
    for (Directive directive : directives) {
      if (directive instanceof Send send) {
        last = last != null && last.message == send.message() ? last : encoded(send.message());
        send(send.to(), last);
      } else if (directive instanceof BroadcastSoon && !broadcastPlanned) {
        broadcastPlanned = true;
        world.loop().after(SOON, this::broadcastChanges);
      } else if (directive instanceof Contacted) {
        firstContact.complete(null);
      } else if (directive instanceof Delayed delayed) {
        delay.record(delayed.delay(), world.nanoTime());
      }
    }
    List<String> changed = changed(directives);
    if (!changed.isEmpty()) {
      held = replica.held();
    }
    changed.forEach(key -> Optional.ofNullable(watched.get(key)).ifPresent(this::tell));
  }

  private Encoded encoded(Message message) {
    return new Encoded(message, codec.encode(message, world.now()));
  }

  private void send(PeerId to, Encoded message) {
    int bytes = message.bytes.length;
    metrics.sent(message.message.kind(), bytes, routing.abroad(to));
    history.sent(world.now(), to, bytes, message.message);
    mesh.send(to, message.bytes);
  }

  private <V extends Mergeable<V>> void tell(Watched<V> someone) {
    someone.watchers.tell(replica.get(someone.key));
  }
}
