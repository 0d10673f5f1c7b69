package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.store.GossipConfig.ZoneRouting;
import io.ringdaemon.time.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whom this node tells what it has heard. Without zones: a few peers by chance. With them: peers of
 * its own zone; and if it is a bridge, the bridges of the others too. Bridges are the {@link
 * #BRIDGES} lowest live names of each zone, worked out by everybody for himself, so that no zone is
 * ever without one, and whoever is configured to be one. A peer without a zone belongs to all.
 * Answers go to whoever asked.
 *
 * <p>Confined to the loop.
 */
final class Routing {
  private static final int BRIDGES = 2;

  private final World world;
  private final Mesh mesh;
  private final int fanout;
  private final ZoneRouting options;
  private List<PeerId> reachable = List.of();
  private List<PeerId> own = List.of();
  private List<PeerId> across = List.of();
  private Map<PeerId, String> zones = Map.of();

  Routing(World world, Mesh mesh, int fanout, ZoneRouting options) {
    this.world = world;
    this.mesh = mesh;
    this.fanout = fanout;
    this.options = options;
  }

  /** Peers may have changed. */
  void refresh() {
    List<Peer> peers = mesh.peers().stream().filter(peer -> peer.state().reachable()).toList();
    reachable = peers.stream().map(Peer::id).toList();
    own = reachable;
    across = List.of();
    if (options.enabled() && !options.zone().isEmpty()) {
      zones = new TreeMap<>();
      peers.forEach(peer -> zones.put(peer.id(), peer.zone()));
      own = reachable.stream().filter(peer -> !abroad(peer)).toList();
      Map<String, List<PeerId>> bridges = bridges();
      boolean bridge =
          options.bridge()
              || bridges.getOrDefault(options.zone(), List.of()).contains(mesh.self().id());
      bridges.remove(options.zone());
      across = bridge ? bridges.values().stream().flatMap(Collection::stream).toList() : List.of();
    }
  }

  private Map<String, List<PeerId>> bridges() {
    Map<String, List<PeerId>> byZone = new TreeMap<>();
    zones.forEach(
        (peer, zone) -> {
          if (!zone.isEmpty()) {
            byZone.computeIfAbsent(zone, any -> new ArrayList<>()).add(peer);
          }
        });
    byZone.computeIfAbsent(options.zone(), any -> new ArrayList<>()).add(mesh.self().id());
    byZone.replaceAll((zone, peers) -> peers.stream().sorted().limit(BRIDGES).toList());
    return byZone;
  }

  /** Whether a peer is in another zone than this node, both being known. */
  boolean abroad(PeerId peer) {
    String zone = zones.getOrDefault(peer, "");
    return !zone.isEmpty() && !zone.equals(options.zone());
  }

  List<PeerId> reachable() {
    return reachable;
  }

  /** Whether this node tells that peer news by itself. */
  boolean tells(PeerId peer) {
    return !abroad(peer) || across.contains(peer);
  }

  /** How many it tells, over time. */
  int told() {
    return own.size() + across.size();
  }

  /** A few of those it tells by chance, all different; a bridge's first one is abroad. */
  List<PeerId> receivers() {
    List<PeerId> chosen = new ArrayList<>();
    if (!across.isEmpty() && (fanout > 1 || own.isEmpty() || world.chance().nextBoolean())) {
      chosen.addAll(some(across, 1));
    }
    chosen.addAll(some(own, fanout - chosen.size()));
    return chosen;
  }

  /** One of those it tells, by chance: a bridge looks abroad every other time. */
  Optional<PeerId> somebody() {
    boolean abroad = own.isEmpty() || (!across.isEmpty() && world.chance().nextBoolean());
    return some(abroad ? across : own, 1).stream().findFirst();
  }

  /** Anybody, by chance. */
  Optional<PeerId> anybody() {
    return some(reachable, 1).stream().findFirst();
  }

  private List<PeerId> some(List<PeerId> peers, int most) {
    List<PeerId> left = new ArrayList<>(peers);
    int count = Math.min(most, left.size());
    for (int i = 0; i < count; i++) {
      int other = i + world.chance().nextInt(left.size() - i);
      PeerId swap = left.get(i);
      left.set(i, left.get(other));
      left.set(other, swap);
    }
    return left.subList(0, count);
  }
}
