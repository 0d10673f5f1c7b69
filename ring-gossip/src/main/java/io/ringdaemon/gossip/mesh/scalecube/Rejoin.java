package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes contact where scalecube would not: with seeds that were down, and with peers that were
 * removed. Each time up to three addresses of (seeds ∪ joined ∪ lost ∪ remembered) that no
 * reachable peer has; one contact suffices, both tables meet in it.
 *
 * <p><b>Time:</b> every rejoin interval ± 10 %; every 5 s while alone or in the minute after losing
 * a third of the peers; alone first after 0.2, 0.4, 0.8 … s. Confined to the loop. Source:
 * reference/scalecube.md 5.1. <b>Bounds:</b> 256 joined, lost and remembered addresses each.
 */
final class Rejoin {
  static final Duration HURRY = Duration.ofSeconds(5);
  private static final long FIRST_MILLIS = 200;
  private static final int AT_ONCE = 3;
  private static final int MOST_JOINED = 256;

  private final World world;
  private final MeshConfig config;
  private final Resolver resolver;
  private final PeerTable peers;
  private final Troubles troubles;
  private final Consumer<String> contact;
  private final LostPeers lost = new LostPeers();
  private final Set<String> joined = new LinkedHashSet<>();
  private final Set<String> ourselves = new LinkedHashSet<>();
  private List<String> remembered = List.of();
  private Loop.@Nullable Timer next;
  private int attempts;
  private boolean stopped;
  private boolean looked;
  private long lookedAt;

  Rejoin(
      World world,
      MeshConfig config,
      Resolver resolver,
      PeerTable peers,
      Troubles troubles,
      Consumer<String> contact) {
    this.world = world;
    this.config = config;
    this.resolver = resolver;
    this.peers = peers;
    this.troubles = troubles;
    this.contact = contact;
  }

  void start(List<String> fromFile) {
    remembered = fromFile.stream().limit(LostPeers.MOST).toList();
    arm();
  }

  void stop() {
    stopped = true;
    if (next != null) {
      next.cancel();
    }
  }

  /** A peer vanished without a goodbye. */
  void lost(String address) {
    lost.lost(address, peers.reachable(), world.nanoTime());
    if (lost.hurry(world.nanoTime()) || peers.alone()) {
      arm();
    }
  }

  /** A peer is there, or left for good: its address needs no attempts. */
  void settled(String address) {
    lost.settled(address);
    if (!peers.alone()) {
      attempts = 0;
    } else {
      arm();
    }
  }

  /** Behind this address are we. */
  void ourselves(String address) {
    if (ourselves.size() < LostPeers.MOST) {
      ourselves.add(address);
    }
  }

  void joined(Collection<String> addresses) {
    joined.addAll(addresses);
    while (joined.size() > MOST_JOINED) {
      joined.remove(joined.iterator().next());
    }
  }

  /** What a restart should know: where somebody is or was. */
  List<String> worthRemembering() {
    Set<String> all = new LinkedHashSet<>(peers.reachableAddresses());
    all.addAll(lost.addresses(world.nanoTime()));
    return all.stream().limit(LostPeers.MOST).sorted().toList();
  }

  /** How long until the next attempt when alone, for the words of the trouble. */
  Duration pace() {
    return peers.alone() || lost.hurry(world.nanoTime()) ? HURRY : config.rejoinInterval();
  }

  /** Our view is stale: we stood still. Tells some of those we hold for alive, too. */
  void stale() {
    long now = world.nanoTime();
    if (looked && now - lookedAt < HURRY.toNanos()) {
      return; // a node that is always late must not make more work
    }
    looked = true;
    lookedAt = now;
    List<String> some = new ArrayList<>(peers.reachableAddresses());
    shuffle(some, world.chance());
    some.stream().limit(AT_ONCE).forEach(contact);
    tick();
  }

  private void arm() {
    if (stopped) {
      return;
    }
    if (next != null) {
      next.cancel();
    }
    next =
        world
            .loop()
            .after(
                delay(),
                () -> {
                  attempts++;
                  tick();
                  arm();
                });
  }

  private Duration delay() {
    boolean alone = peers.alone() && somewhereToTry();
    if (alone && attempts < 5) {
      return Duration.ofMillis(FIRST_MILLIS << attempts); // 0.2, 0.4, 0.8, 1.6, 3.2, then 5 s
    }
    if (alone || lost.hurry(world.nanoTime())) {
      return HURRY;
    }
    double jitter = 0.9 + 0.2 * world.chance().nextDouble();
    return Duration.ofNanos((long) (config.rejoinInterval().toNanos() * jitter));
  }

  private boolean somewhereToTry() {
    return !config.seeds().isEmpty()
        || !joined.isEmpty()
        || !remembered.isEmpty()
        || !lost.addresses(world.nanoTime()).isEmpty();
  }

  private void tick() {
    Set<String> written = new LinkedHashSet<>(config.seeds());
    written.addAll(joined);
    resolver.resolve(written).thenAccept(this::attempt);
  }

  private void attempt(Map<String, Resolver.Found> found) {
    if (stopped) {
      return;
    }
    troubles.resolved(found);
    Set<String> skip = new LinkedHashSet<>(peers.reachableAddresses());
    skip.addAll(ourselves);
    Map<String, Boolean> chosen = new LinkedHashMap<>();
    List<String> named = new ArrayList<>();
    found.values().forEach(one -> named.addAll(one.addresses()));
    List<String> others = new ArrayList<>(lost.addresses(world.nanoTime()));
    others.addAll(remembered);
    named.removeIf(skip::contains);
    others.removeIf(skip::contains);
    shuffle(named, world.chance());
    shuffle(others, world.chance());
    named.stream()
        .limit(others.isEmpty() ? AT_ONCE : AT_ONCE - 1)
        .forEach(a -> chosen.put(a, true));
    for (String address : others) {
      if (chosen.size() < AT_ONCE) {
        chosen.put(address, false);
      }
    }
    chosen.keySet().forEach(contact);
  }

  private static void shuffle(List<String> list, RandomGenerator chance) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = chance.nextInt(i + 1);
      String swapped = list.get(i);
      list.set(i, list.get(j));
      list.set(j, swapped);
    }
  }
}
