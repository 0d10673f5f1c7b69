package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import reactor.core.scheduler.Schedulers;

/** Nodes of a {@link ScalecubeMesh} each, on one network in virtual time. */
final class VirtualCluster implements AutoCloseable {
  final VirtualTime time;
  final MemoryNetwork network;
  final Map<String, Node> nodes = new LinkedHashMap<>();
  private final VirtualSchedulers schedulers = new VirtualSchedulers();
  private long lives = 1_000;

  /**
   * Whether scalecube lives beside the loop in nodes started from now on, as in life: then a frozen
   * loop doesn't freeze it.
   */
  boolean ownThread;

  /** What nodes started from now on remember with. */
  PeerMemory memory = PeerMemory.NONE;

  VirtualCluster(long seed) {
    time = new VirtualTime(seed);
    network = new MemoryNetwork(time, schedulers);
    Schedulers.setFactory(schedulers);
  }

  /** A node's process. */
  static final class Node {
    final VirtualTime.Node loop;
    final MemoryNetwork.MemoryWire wire;
    final Metrics metrics = Metrics.unseen();
    final Seen seen = new Seen();
    final ScalecubeMesh mesh;
    boolean gone;

    private Node(
        VirtualTime.Node loop,
        MemoryNetwork.MemoryWire wire,
        MeshConfig config,
        PeerMemory memory) {
      this.loop = loop;
      this.wire = wire;
      this.mesh = new ScalecubeMesh(config, loop.world(), metrics, memory, wire);
    }

    PeerId id() {
      return mesh.self().id();
    }

    Set<String> in(PeerState state) {
      return mesh.peers().stream()
          .filter(peer -> peer.state() == state)
          .map(peer -> peer.id().name())
          .collect(Collectors.toSet());
    }

    PeerState of(PeerId id) {
      return mesh.peers().stream()
          .filter(peer -> peer.id().equals(id))
          .map(Peer::state)
          .findFirst()
          .orElseThrow(() -> new AssertionError(id + " is not listed: " + mesh.peers()));
    }
  }

  static String address(String name) {
    return "10.0.0." + name.substring(1) + ":7946";
  }

  Node start(String name, String... seeds) {
    return start(name, config -> config.withSeeds(List.of(seeds)));
  }

  /** Starts a node named n1, n2 … at 10.0.0.1:7946 and so on. */
  Node start(String name, UnaryOperator<MeshConfig> settings) {
    return startAt(name, "10.0.0." + name.substring(1), settings);
  }

  Node startAt(String name, String ip, UnaryOperator<MeshConfig> settings) {
    VirtualTime.Node loop = time.node();
    MeshConfig config = settings.apply(MeshConfig.of(name, lives++, ip, 7946));
    Node node = new Node(loop, network.wire(ownThread ? time.node() : loop), config, memory);
    nodes.put(nodes.containsKey(name) && !nodes.get(name).gone ? name + "'" : name, node);
    node.mesh.start(node.seen);
    return node;
  }

  /** Kill -9: sockets close, nothing runs any more. */
  void crash(String name) {
    Node node = nodes.get(name);
    node.gone = true;
    node.loop.kill();
    node.wire.kill();
    node.wire.crash();
  }

  /** A part of scalecube dies on this node, as when a callback of it throws. */
  void deafen(String name) {
    schedulers.deafen(nodes.get(name).loop);
  }

  /** Starts n1 to n{@code size}, all with n1 for seed, and lets them settle. */
  void gather(int size) {
    for (int i = 1; i <= size; i++) {
      start("n" + i, address("n1"));
    }
    untilConverged(Duration.ofSeconds(20));
    time.runFor(Duration.ofSeconds(5));
  }

  /** Power off: silence. */
  void vanish(String name) {
    Node node = nodes.get(name);
    node.gone = true;
    node.loop.kill();
    node.wire.kill();
    node.wire.vanish();
  }

  void leave(String name) {
    Node node = nodes.get(name);
    node.gone = true;
    node.mesh.leave();
  }

  List<Node> running() {
    List<Node> running = new ArrayList<>(nodes.values());
    running.removeIf(node -> node.gone);
    return running;
  }

  /** Whether every running node holds exactly the other running ones for alive. */
  boolean converged() {
    List<Node> running = running();
    Set<PeerId> ids = running.stream().map(Node::id).collect(Collectors.toSet());
    for (Node node : running) {
      Set<PeerId> alive = new HashSet<>();
      for (Peer peer : node.mesh.peers()) {
        if (peer.state() == PeerState.ALIVE) {
          alive.add(peer.id());
        } else if (peer.state().reachable()) {
          return false;
        }
      }
      alive.add(node.id());
      if (!alive.equals(ids)) {
        return false;
      }
    }
    return true;
  }

  Duration untilConverged(Duration limit) {
    return time.runUntil(limit, this::converged);
  }

  /** No snapshot shows two reachable lives of a name or at an address. */
  void assertNoTwins() {
    for (Node node : running()) {
      Map<String, Peer> names = new HashMap<>();
      Map<String, Peer> addresses = new HashMap<>();
      for (Peer peer : node.mesh.peers()) {
        if (!peer.state().reachable()) {
          continue;
        }
        Peer twin = names.put(peer.id().name(), peer);
        Peer neighbour = addresses.put(peer.address(), peer);
        if (twin != null || neighbour != null) {
          throw new AssertionError(node.id() + " sees twins: " + node.mesh.peers());
        }
      }
    }
  }

  @Override
  public void close() {
    Schedulers.resetFactory();
  }
}
