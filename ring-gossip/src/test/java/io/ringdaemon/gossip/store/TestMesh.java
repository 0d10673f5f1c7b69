package io.ringdaemon.gossip.store;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;

/**
 * A mesh that knows the truth: who is linked is alive, everybody else dead after three seconds.
 * Messages take 1 to 20 ms and may get lost. The zone of a node is the first letter of its name.
 */
final class TestMesh {
  private static final Duration LOOK = Duration.ofSeconds(3);

  private final VirtualTime time;
  private final SplittableRandom chance;
  private final List<End> ends = new ArrayList<>();
  BiPredicate<String, String> linked = (a, b) -> true;
  double loss;
  long bytes;
  long bytesAbroad;

  TestMesh(VirtualTime time, long seed) {
    this.time = time;
    this.chance = new SplittableRandom(seed);
  }

  End join(String name, VirtualTime.Node loop) {
    End end = new End(new PeerId(name, time.now().toEpochMilli()), loop);
    ends.add(end);
    return end;
  }

  static String zone(String name) {
    return name.substring(0, 1);
  }

  final class End implements Mesh {
    private final PeerId id;
    private final VirtualTime.Node loop;
    private final Map<PeerId, Peer> peers = new TreeMap<>();
    private Listener listener;
    private boolean up;

    private End(PeerId id, VirtualTime.Node loop) {
      this.id = id;
      this.loop = loop;
    }

    private Peer peer(PeerState state) {
      return new Peer(
          id, id.name() + ":1", state, time.now(), time.now(), zone(id.name()), "", "test");
    }

    private boolean reaches(End other) {
      return up && other.up && linked.test(id.name(), other.id.name());
    }

    private void look() {
      for (End other : ends) {
        Peer known = peers.get(other.id);
        PeerState now = reaches(other) ? PeerState.ALIVE : PeerState.DEAD;
        boolean news = known == null ? now == PeerState.ALIVE : known.state() != now;
        if (other != this && news) {
          peers.put(other.id, other.peer(now));
          listener.peerChanged(other.peer(now));
        }
      }
      loop.after(LOOK, this::look);
    }

    @Override
    public Peer self() {
      return peer(PeerState.ALIVE);
    }

    @Override
    public List<Peer> peers() {
      return List.copyOf(peers.values());
    }

    @Override
    public CompletionStage<Void> start(Listener someone) {
      listener = someone;
      up = true;
      loop.after(Duration.ofMillis(50), this::look);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void send(PeerId to, byte[] message) {
      bytes += message.length;
      bytesAbroad += zone(id.name()).equals(zone(to.name())) ? 0 : message.length;
      for (End other : ends) {
        if (other.id.equals(to) && reaches(other) && chance.nextDouble() >= loss) {
          other.loop.after(
              Duration.ofMillis(1 + chance.nextInt(20)),
              () -> other.listener.received(id, message.clone()));
        }
      }
    }

    @Override
    public CompletionStage<Boolean> probe(PeerId peer, Duration timeout) {
      return CompletableFuture.completedFuture(
          ends.stream().anyMatch(other -> other.id.equals(peer) && reaches(other)));
    }

    @Override
    public CompletionStage<Map<String, String>> join(List<String> seeds) {
      return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public void forget(PeerId peer) {
      peers.remove(peer);
    }

    @Override
    public List<String> troubles() {
      return List.of();
    }

    @Override
    public CompletionStage<Void> leave() {
      return stop();
    }

    @Override
    public CompletionStage<Void> stop() {
      up = false;
      return CompletableFuture.completedFuture(null);
    }
  }
}
