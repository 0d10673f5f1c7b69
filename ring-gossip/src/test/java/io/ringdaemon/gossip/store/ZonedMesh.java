package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * A mesh whose peers are in zones, {@code a-3} in zone {@code a}, and whose messages somebody
 * counts.
 */
record ZonedMesh(Mesh inner, BiConsumer<PeerId, byte[]> sent) implements Mesh {
  static String zone(PeerId peer) {
    return peer.name().substring(0, 1);
  }

  private static Peer zoned(Peer peer) {
    return new Peer(
        peer.id(),
        peer.address(),
        peer.state(),
        peer.since(),
        peer.lastContact(),
        zone(peer.id()),
        peer.httpAddress(),
        peer.release());
  }

  @Override
  public Peer self() {
    return zoned(inner.self());
  }

  @Override
  public List<Peer> peers() {
    return inner.peers().stream().map(ZonedMesh::zoned).toList();
  }

  @Override
  public CompletionStage<Void> start(Listener listener) {
    UnaryOperator<Peer> zoned = ZonedMesh::zoned;
    return inner.start(
        new Listener() {
          @Override
          public void peerChanged(Peer peer) {
            listener.peerChanged(zoned.apply(peer));
          }

          @Override
          public void received(PeerId from, byte[] message) {
            listener.received(from, message);
          }
        });
  }

  @Override
  public void send(PeerId to, byte[] message) {
    sent.accept(to, message);
    inner.send(to, message);
  }

  @Override
  public CompletionStage<Boolean> probe(PeerId peer, Duration timeout) {
    return inner.probe(peer, timeout);
  }

  @Override
  public CompletionStage<Integer> join(List<String> addresses) {
    return inner.join(addresses);
  }

  @Override
  public void forget(PeerId peer) {
    inner.forget(peer);
  }

  @Override
  public List<String> troubles() {
    return inner.troubles();
  }

  @Override
  public CompletionStage<Void> leave() {
    return inner.leave();
  }

  @Override
  public CompletionStage<Void> stop() {
    return inner.stop();
  }
}
