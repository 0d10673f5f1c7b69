package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.replica.Directive;
import io.ringdaemon.gossip.replica.Directive.BroadcastSoon;
import io.ringdaemon.gossip.replica.Directive.Contacted;
import io.ringdaemon.gossip.replica.Directive.NotifyWatchers;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Replica;
import io.ringdaemon.gossip.wire.MessageCodec;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.Watchers;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
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
  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration BEATS = Duration.ofSeconds(1);
  private static final Duration PURGE = Duration.ofMinutes(1);
  private static final Duration DRAIN = Duration.ofMillis(500);
  private static final int GREETINGS_A_SECOND = 3;

  private final World world;
  private final Mesh mesh;
  private final GossipConfig config;
  private final MessageCodec codec;
  private final Replica replica;
  private final MeshLiveness liveness;
  private final MeshCourier courier;
  private final Metrics metrics;
  private final Map<String, Watched<?>> watched = new TreeMap<>();
  private final List<Consumer<Peer>> peerListeners = new ArrayList<>();
  private final CompletableFuture<Void> firstContact = new CompletableFuture<>();
  private final Set<PeerId> ungreeted = new LinkedHashSet<>();
  private final Map<String, LongAdder> counters = new LinkedHashMap<>();
  private final LongAdder malformed;
  private volatile Collection<Replica.Held> held = List.of();
  private boolean broadcastPlanned;
  private long beatsSent;
  private long greetedAt;
  private int greeted;

  private record Watched<V extends Mergeable<V>>(Key<V> key, Watchers<V> watchers) {}

  public GossipKvStore(
      World world, Mesh mesh, GossipConfig config, Collection<Codec<?>> codecs, Metrics metrics) {
    this.world = world;
    this.mesh = mesh;
    this.config = config;
    this.codec = new MessageCodec(codecs);
    this.replica = new Replica(new Replica.Retention(config.tombstoneRetention(), 10_000));
    this.liveness = new MeshLiveness(world, mesh);
    this.metrics = metrics;
    this.courier = new MeshCourier(world, mesh, this::send, metrics);
    this.malformed =
        metrics.counter(
            "ring_daemon_gossip_malformed_messages_total",
            "Messages dropped because they are not ours");
    metrics.gauge(
        "ring_daemon_gossip_queued_broadcasts", "Changes waiting to be passed on", replica::queued);
    metrics.gauge(
        "ring_daemon_gossip_dropped_broadcasts",
        "Changes dropped for want of room; anti-entropy repairs them",
        replica::droppedBroadcasts);
    metrics.gauge(
        "ring_daemon_gossip_forgotten_tombstones",
        "Tombstones dropped early because there were too many",
        replica::forgottenTombstones);
    metrics.gauge(
        "ring_daemon_gossip_refused_keys", "Updates refused: too many keys", replica::refusedKeys);
  }

  /** Starts the mesh; completes when it is bound. */
  public CompletionStage<Void> start() {
    return mesh.start(this)
        .thenRun(
            () -> {
              Every.start(world, config.gossipInterval(), 0.1, this::broadcast);
              Every.start(world, config.pullPushInterval(), 0.2, this::exchangeWithSomebody);
              Every.start(world, Duration.ofMillis(350), 0, this::greet);
              Every.start(world, PURGE, 0.1, () -> replica.purge(world.now()));
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

  /** Leaves a tombstone for each entry: those travel, and keep late peers from bringing it back. */
  @Override
  public CompletionStage<Void> delete(Key<?> key) {
    return emptied(key).thenApply(done -> null);
  }

  private <V extends Mergeable<V>> CompletionStage<V> emptied(Key<V> key) {
    return cas(key, held -> key.codec().empty());
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
    awaitDrained(drained, world.nanoTime() + DRAIN.toNanos());
    return drained;
  }

  private void awaitDrained(CompletableFuture<Void> drained, long deadline) {
    if (!replica.hasUnsent() || receivers().isEmpty() || world.nanoTime() > deadline) {
      drained.complete(null);
    } else {
      world.loop().after(Duration.ofMillis(20), () -> awaitDrained(drained, deadline));
    }
  }

  @Override
  public void peerChanged(Peer peer) {
    assert world.loop().inside() : "outside the loop";
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
      malformed.increment();
      return;
    }
    count("received", message.kind(), bytes.length);
    if (message instanceof Message.Direct direct) {
      courier.deliver(from, direct);
      return;
    }
    List<Directive> todo = replica.onMessage(from, message, liveness.gone(), world.now());
    if (message instanceof Message.State state && liveness.heard(state.gone())) {
      mesh.peers().stream().findFirst().ifPresent(any -> peerListeners.forEach(l -> l.accept(any)));
    }
    carryOut(todo);
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
      greeted++;
      carryOut(replica.state(next, true, liveness.gone()));
    }
  }

  private void exchangeWithSomebody() {
    List<PeerId> reachable = reachable();
    if (!reachable.isEmpty()) {
      PeerId somebody = reachable.get(world.chance().nextInt(reachable.size()));
      carryOut(replica.state(somebody, true, liveness.gone()));
    }
  }

  private void broadcast() {
    boolean beats = world.nanoTime() - beatsSent >= BEATS.toNanos();
    if (beats) {
      beatsSent = world.nanoTime();
    }
    carryOut(replica.broadcast(receivers(), reachable().size(), beats));
  }

  private List<PeerId> reachable() {
    return mesh.peers().stream().filter(peer -> peer.state().reachable()).map(Peer::id).toList();
  }

  /** A few peers by chance, all different. */
  private List<PeerId> receivers() {
    List<PeerId> left = new ArrayList<>(reachable());
    List<PeerId> chosen = new ArrayList<>();
    while (!left.isEmpty() && chosen.size() < config.gossipNodes()) {
      chosen.add(left.remove(world.chance().nextInt(left.size())));
    }
    return chosen;
  }

  private void carryOut(List<Directive> directives) {
    Set<String> changed = new LinkedHashSet<>();
    for (Directive directive : directives) {
      if (directive instanceof Send send) {
        send(send.to(), send.message());
      } else if (directive instanceof NotifyWatchers notify) {
        changed.add(notify.key());
      } else if (directive instanceof BroadcastSoon && !broadcastPlanned) {
        broadcastPlanned = true;
        world
            .loop()
            .after(
                SOON,
                () -> {
                  broadcastPlanned = false;
                  carryOut(replica.broadcast(receivers(), reachable().size(), false));
                });
      } else if (directive instanceof Contacted) {
        firstContact.complete(null);
      }
    }
    if (!changed.isEmpty()) {
      held = replica.held();
    }
    changed.forEach(key -> Optional.ofNullable(watched.get(key)).ifPresent(this::tell));
  }

  private void send(PeerId to, Message message) {
    byte[] bytes = codec.encode(message, world.now());
    count("sent", message.kind(), bytes.length);
    mesh.send(to, bytes);
  }

  private <V extends Mergeable<V>> void tell(Watched<V> someone) {
    someone.watchers.tell(replica.get(someone.key));
  }

  private void count(String direction, String kind, int bytes) {
    counters
        .computeIfAbsent(
            direction + kind,
            any ->
                metrics.counter(
                    "ring_daemon_gossip_" + direction + "_bytes_total",
                    "Bytes of our own gossip messages " + direction,
                    "kind",
                    kind))
        .add(bytes);
  }
}
