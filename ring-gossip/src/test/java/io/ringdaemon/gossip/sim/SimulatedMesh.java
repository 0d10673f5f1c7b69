package io.ringdaemon.gossip.mesh;

import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A mesh in virtual time: messages take 1 to 20 ms and may be lost or doubled; a node that is dead,
 * frozen or cut off is suspected after about a second and dead after four, by each observer;
 * whoever answers again is alive within five.
 */
public final class SimulatedMesh {
  private static final Duration SUSPECT = Duration.ofSeconds(1);
  private static final Duration DEAD = Duration.ofSeconds(4);
  private static final Duration BACK = Duration.ofSeconds(5);
  private static final Duration ROUND = Duration.ofMillis(250);

  private final VirtualTime time;
  private final SplittableRandom chance;
  private final List<NodeMesh> nodes = new ArrayList<>();
  private final Set<String> cut = new HashSet<>();
  private double loss;
  private double doubling;

  public SimulatedMesh(VirtualTime time, long seed) {
    this.time = time;
    this.chance = new SplittableRandom(seed ^ 0x5eed);
  }

  /** A further node's end of the mesh. */
  public Mesh join(String name, VirtualTime.Node loop) {
    long life = time.now().toEpochMilli();
    NodeMesh node = new NodeMesh(new PeerId(name, life), loop);
    nodes.add(node);
    return node;
  }

  /** Loses and doubles messages with these probabilities from now on. */
  public void disturb(double loss, double doubling) {
    this.loss = loss;
    this.doubling = doubling;
  }

  /** Cuts the links between the groups, {@code "a b | c d"}; all earlier cuts are healed. */
  public void split(String groups) {
    heal();
    List<List<String>> sides = new ArrayList<>();
    for (String side : groups.split("\\|", -1)) {
      sides.add(List.of(side.trim().split(" ", -1)));
    }
    for (List<String> side : sides) {
      for (List<String> other : sides) {
        if (!side.equals(other)) {
          side.forEach(a -> other.forEach(b -> cut.add(a + ">" + b)));
        }
      }
    }
  }

  public void heal() {
    cut.clear();
  }

  private boolean linked(NodeMesh a, NodeMesh b) {
    return !cut.contains(a.id.name() + ">" + b.id.name());
  }

  private static boolean up(NodeMesh node) {
    return node.started && !node.stopped && !node.loop.dead() && !node.loop.frozen();
  }

  private final class NodeMesh implements Mesh {
    private record Seen(Peer peer, long lastAnswer) {}

    private final PeerId id;
    private final VirtualTime.Node loop;
    private final Map<PeerId, Seen> seen = new TreeMap<>();
    private final Instant born = time.now();
    private Listener listener;
    private boolean started;
    private boolean stopped;

    private NodeMesh(PeerId id, VirtualTime.Node loop) {
      this.id = id;
      this.loop = loop;
    }

    @Override
    public Peer self() {
      return peer(PeerState.ALIVE, born);
    }

    private Peer peer(PeerState state, Instant since) {
      return new Peer(id, id.name() + ":7946", state, since, time.now(), "", "", "sim");
    }

    @Override
    public List<Peer> peers() {
      return seen.values().stream().map(Seen::peer).toList();
    }

    @Override
    public CompletionStage<Void> start(Listener someone) {
      listener = someone;
      started = true;
      loop.after(Duration.ofMillis(10 + chance.nextInt(40)), this::look);
      return CompletableFuture.completedFuture(null);
    }

    /** One round of looking at everybody. */
    private void look() {
      if (stopped) {
        return;
      }
      for (NodeMesh other : List.copyOf(nodes)) {
        if (other != this && other.started) {
          look(other);
        }
      }
      loop.after(ROUND, this::look);
    }

    private void look(NodeMesh other) {
      long now = time.nanoTime();
      Seen before = seen.get(other.id);
      boolean answers = up(other) && linked(this, other) && linked(other, this);
      if (answers) {
        boolean replaced =
            nodes.stream()
                .anyMatch(
                    later ->
                        later.id.name().equals(other.id.name())
                            && later.id.life() > other.id.life()
                            && up(later));
        boolean waits =
            before != null
                && before.peer.state() == PeerState.DEAD
                && now - before.lastAnswer < BACK.toNanos();
        if (!replaced && !waits) {
          turn(other, PeerState.ALIVE, now);
          seen.values().stream()
              .map(Seen::peer)
              .filter(peer -> peer.id().name().equals(other.id.name()))
              .filter(peer -> peer.id().life() < other.id.life() && peer.state().reachable())
              .toList()
              .forEach(old -> turn(old, PeerState.DEAD, now));
        }
      } else if (before != null && before.peer.state().reachable()) {
        long silent = now - before.lastAnswer;
        if (silent > DEAD.toNanos()) {
          turn(other, PeerState.DEAD, before.lastAnswer);
        } else if (silent > SUSPECT.toNanos()) {
          turn(other, PeerState.SUSPECT, before.lastAnswer);
        }
      }
    }

    private void turn(NodeMesh other, PeerState state, long lastAnswer) {
      turn(other.peer(state, time.now()), state, lastAnswer);
    }

    private void turn(Peer other, PeerState state, long lastAnswer) {
      Seen before = seen.get(other.id());
      if (before != null && before.peer.state() == PeerState.LEFT) {
        return;
      }
      if (before == null || before.peer.state() != state) {
        Peer now =
            new Peer(other.id(), other.address(), state, time.now(), time.now(), "", "", "sim");
        seen.put(other.id(), new Seen(now, lastAnswer));
        listener.peerChanged(now);
      } else {
        seen.put(other.id(), new Seen(before.peer, lastAnswer));
      }
    }

    @Override
    public void send(PeerId to, byte[] message) {
      nodes.stream()
          .filter(node -> node.id.equals(to))
          .findFirst()
          .ifPresent(node -> carry(node, message));
    }

    private void carry(NodeMesh to, byte[] message) {
      if (chance.nextDouble() < loss || !linked(this, to)) {
        return;
      }
      int copies = chance.nextDouble() < doubling ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        time.after(
            Duration.ofMillis(1 + chance.nextInt(20)),
            () -> {
              if (!to.stopped && to.started && linked(this, to)) {
                to.loop.execute(() -> to.listener.received(id, message.clone()));
              }
            });
      }
    }

    @Override
    public CompletionStage<Boolean> probe(PeerId peer, Duration timeout) {
      CompletableFuture<Boolean> answer = new CompletableFuture<>();
      boolean there =
          nodes.stream()
              .anyMatch(
                  other ->
                      other.id.equals(peer)
                          && up(other)
                          && linked(this, other)
                          && linked(other, this));
      loop.after(there ? Duration.ofMillis(20) : timeout, () -> answer.complete(there));
      return answer;
    }

    @Override
    public CompletionStage<Integer> join(List<String> addresses) {
      return CompletableFuture.completedFuture(0);
    }

    @Override
    public void forget(PeerId peer) {
      seen.remove(peer);
    }

    @Override
    public List<String> troubles() {
      return List.of();
    }

    @Override
    public CompletionStage<Void> leave() {
      for (NodeMesh other : List.copyOf(nodes)) {
        if (other != this && linked(this, other)) {
          time.after(
              Duration.ofMillis(5),
              () -> {
                if (other.started && !other.stopped) {
                  other.loop.execute(() -> other.turn(this, PeerState.LEFT, time.nanoTime()));
                }
              });
        }
      }
      return stop();
    }

    @Override
    public CompletionStage<Void> stop() {
      stopped = true;
      return CompletableFuture.completedFuture(null);
    }
  }
}
