package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the mesh knows of nodes, and, of lives this node never met, what peers have told: so a
 * newcomer learns who is dead (design.md section 6). Of two lives of a name the later counts, the
 * earlier one is dead. Confined to the loop. <b>Bounds:</b> {@link #MOST} lives by hearsay, the
 * oldest go first.
 */
final class MeshLiveness implements Liveness {
  private static final int MOST = 1_000;

  private final World world;
  private final Mesh mesh;
  private final Map<PeerId, Report> hearsay = new LinkedHashMap<>();

  MeshLiveness(World world, Mesh mesh) {
    this.world = world;
    this.mesh = mesh;
  }

  @Override
  public Report of(String node, long life) {
    Peer self = mesh.self();
    if (self.id().name().equals(node) && self.id().life() == life) {
      return new Report(State.ALIVE, self.since());
    }
    Report newer = Report.UNKNOWN;
    for (Peer peer : mesh.peers()) {
      if (peer.id().name().equals(node)) {
        if (peer.id().life() == life) {
          return new Report(state(peer.state()), peer.since());
        }
        if (peer.id().life() > life && peer.state().reachable()) {
          newer = new Report(State.DEAD, peer.since());
        }
      }
    }
    if (self.id().name().equals(node) && self.id().life() > life) {
      newer = new Report(State.DEAD, self.since());
    }
    return newer.state() == State.DEAD
        ? newer
        : hearsay.getOrDefault(new PeerId(node, life), Report.UNKNOWN);
  }

  private static State state(PeerState state) {
    return switch (state) {
      case ALIVE -> State.ALIVE;
      case SUSPECT -> State.SUSPECT;
      case DEAD -> State.DEAD;
      case LEFT -> State.LEFT;
    };
  }

  /** Peers told of lives gone; whether that was news. */
  boolean heard(List<Gone> gone) {
    boolean news = false;
    for (Gone one : gone) {
      Instant since = world.now().minus(Duration.ofMillis(one.agoMillis()));
      Report report = new Report(one.left() ? State.LEFT : State.DEAD, since);
      news |= hearsay.putIfAbsent(new PeerId(one.name(), one.life()), report) == null;
    }
    while (hearsay.size() > MOST) {
      hearsay.remove(hearsay.keySet().iterator().next());
    }
    return news;
  }

  /** That life was met, so what others said of it no longer counts. */
  void met(PeerId peer) {
    hearsay.remove(peer);
  }

  /** The lives this node has seen go, to be told to others. */
  List<Gone> gone() {
    List<Gone> gone = new ArrayList<>();
    for (Peer peer : mesh.peers()) {
      if (!peer.state().reachable()) {
        gone.add(
            new Gone(
                peer.id().name(),
                peer.id().life(),
                peer.state() == PeerState.LEFT,
                Math.max(0, Duration.between(peer.since(), world.now()).toMillis())));
      }
    }
    return gone.size() > MOST ? gone.subList(0, MOST) : gone;
  }
}
