package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that keeps what it heard. */
final class Seen implements Mesh.Listener {
  final List<Peer> changes = new CopyOnWriteArrayList<>();
  final List<String> messages = new CopyOnWriteArrayList<>();

  volatile boolean throwing;

  @Override
  public void peerChanged(Peer peer) {
    if (throwing) {
      throw new IllegalStateException("the listener is broken, as the test wants it");
    }
    changes.add(peer);
  }

  @Override
  public void received(PeerId from, byte[] message) {
    messages.add(from.name() + ": " + new String(message, StandardCharsets.UTF_8));
  }

  boolean ever(String name, PeerState state) {
    return changes.stream()
        .anyMatch(peer -> peer.id().name().equals(name) && peer.state() == state);
  }
}
