package io.ringdaemon.gossip.sim;

import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One life's end of a {@link SimulatedMesh}: what it thinks of each other life, and when. */
final class MeshEnd implements Mesh {
  /** As ScalecubeMesh: this many DEAD or LEFT are listed. */
  private static final int MOST_GONE = 1_000;

  private static final class Seen {
    private final MeshEnd other;
    private Peer peer; // null: not met yet
    private boolean answers;
    private int turn; // what was planned in an earlier turn no longer counts

    private Seen(MeshEnd other) {
      this.other = other;
    }

    private boolean reachable() {
      return peer != null && peer.state().reachable();
    }
  }

  private final SimulatedMesh mesh;
  private final PeerId id;
  private final int number;
  private final VirtualTime.Node loop;
  private final Set<String> seeds;
  private final Instant born;
  private final Map<PeerId, Seen> seen = new TreeMap<>();
  private List<Peer> snapshot = List.of();
  private boolean outdated;
  private Listener listener;
  private boolean started;
  private boolean stopped;
  private boolean introduced;

  MeshEnd(SimulatedMesh mesh, String name, VirtualTime.Node loop, Set<String> seeds) {
    this.mesh = mesh;
    this.loop = loop;
    this.seeds = seeds;
    this.number = mesh.cuts.number(name);
    this.born = wall();
    this.id = new PeerId(name, born.toEpochMilli());
  }

  private Instant wall() {
    return mesh.time.now().plus(loop.skew());
  }

  PeerId id() {
    return id;
  }

  int number() {
    return number;
  }

  Set<String> seeds() {
    return seeds;
  }

  boolean up() {
    return started && !gone() && !loop.frozen();
  }

  boolean gone() {
    return stopped || loop.dead();
  }

  boolean introduced() {
    return introduced;
  }

  void introduce() {
    introduced = true;
  }

  @Override
  public Peer self() {
    return peer(PeerState.ALIVE, born, born);
  }

  private Peer peer(PeerState state, Instant since, Instant lastContact) {
    return new Peer(id, id.name() + ":7946", state, since, lastContact, "", "", "sim");
  }

  @Override
  public List<Peer> peers() {
    if (outdated) {
      outdated = false;
      List<Peer> now = new ArrayList<>(seen.size());
      for (Seen one : seen.values()) {
        if (one.peer != null) {
          now.add(one.peer);
        }
      }
      snapshot = List.copyOf(now);
    }
    return snapshot;
  }

  @Override
  public CompletionStage<Void> start(Listener someone) {
    listener = someone;
    started = true;
    mesh.came(this);
    return CompletableFuture.completedFuture(null);
  }

  /** The other one is reached, or no longer, from now on. Only told while this one is up. */
  void answers(MeshEnd other, boolean now) {
    Seen it = seen.get(other.id);
    if (it == null) {
      if (!now) {
        return;
      }
      it = new Seen(other);
      seen.put(other.id, it);
    }
    if (it.answers == now) {
      return;
    }
    it.answers = now;
    it.turn++;
    if (!now) {
      plan(it, 750 + mesh.chance.nextInt(500), PeerState.SUSPECT);
      plan(it, 3_500 + mesh.chance.nextInt(1_000), PeerState.DEAD);
    } else if (it.peer == null) {
      plan(it, 10 + mesh.chance.nextInt(300), PeerState.ALIVE);
    } else if (it.peer.state() == PeerState.SUSPECT) {
      plan(it, 50 + mesh.chance.nextInt(300), PeerState.ALIVE);
    } else {
      plan(it, 250 + mesh.chance.nextInt(4_500), PeerState.ALIVE);
    }
  }

  /** Those that went while this one could not look. */
  void forgetTheGone() {
    for (Seen it : seen.values()) {
      if (it.answers && it.other.gone()) {
        answers(it.other, false);
      }
    }
  }

  private void plan(Seen it, int millis, PeerState state) {
    int turn = it.turn;
    loop.after(
        Duration.ofMillis(millis),
        () -> {
          if (it.turn == turn && seen.get(it.other.id) == it) {
            turn(it, state);
          }
        });
  }

  private void turn(Seen it, PeerState state) {
    PeerState before = it.peer == null ? null : it.peer.state();
    if (gone()
        || before == state
        || before == PeerState.LEFT
        || (state == PeerState.SUSPECT && before != PeerState.ALIVE)
        || (state == PeerState.DEAD && before == null)) {
      return;
    }
    if (state == PeerState.ALIVE && laterLifeIsReachable(it)) {
      state = PeerState.DEAD; // at most one life of a name is reachable
      if (before == state) {
        return;
      }
    }
    it.peer = it.other.peer(state, wall(), wall());
    outdated = true;
    if (state == PeerState.ALIVE) {
      buryEarlierLives(it);
    } else if (!state.reachable()) {
      limitTheGone();
    }
    listener.peerChanged(it.peer);
  }

  private boolean laterLifeIsReachable(Seen it) {
    return seen.values().stream()
        .anyMatch(
            later ->
                later.other.number == it.other.number
                    && later.other.id.life() > it.other.id.life()
                    && later.reachable());
  }

  private void buryEarlierLives(Seen it) {
    seen.values().stream()
        .filter(old -> old.other.number == it.other.number && old != it && old.reachable())
        .toList()
        .forEach(
            old -> {
              old.turn++;
              turn(old, PeerState.DEAD);
            });
  }

  private void limitTheGone() {
    if (seen.size() > MOST_GONE) {
      List<Seen> gone =
          seen.values().stream()
              .filter(it -> it.peer != null && !it.peer.state().reachable() && !it.answers)
              .sorted(Comparator.comparing(it -> it.peer.since()))
              .toList();
      gone.stream()
          .limit(Math.max(0, gone.size() - MOST_GONE))
          .forEach(it -> seen.remove(it.other.id));
    }
  }

  /** Takes it for SUSPECT for a while, if it is ALIVE and answers. */
  void doubts(MeshEnd other, Duration duration) {
    Seen it = seen.get(other.id);
    if (it != null && it.answers && it.peer != null && it.peer.state() == PeerState.ALIVE) {
      plan(it, 0, PeerState.SUSPECT);
      plan(it, (int) duration.toMillis(), PeerState.ALIVE);
    }
  }

  void deliver(PeerId from, byte[] message) {
    if (started && !gone()) {
      loop.execute(
          () -> {
            if (!stopped) {
              listener.received(from, message);
            }
          });
    }
  }

  void heardGoodbye(MeshEnd leaving) {
    if (started && !gone()) {
      loop.execute(
          () -> {
            Seen it = seen.get(leaving.id);
            if (it != null) {
              it.turn++;
              turn(it, PeerState.LEFT);
            }
          });
    }
  }

  @Override
  public void send(PeerId to, byte[] message) {
    mesh.carry(this, to, message);
  }

  @Override
  public CompletionStage<Boolean> probe(PeerId peer, Duration timeout) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    MeshEnd other = mesh.end(peer);
    Conditions now = mesh.conditions();
    Duration there = now.delay(mesh.chance).plus(now.delay(mesh.chance));
    boolean answered =
        other != null
            && mesh.direct(this, other)
            && !now.loses(mesh.chance)
            && !now.loses(mesh.chance)
            && there.compareTo(timeout) < 0;
    loop.after(answered ? there : timeout, () -> answer.complete(answered));
    return answer;
  }

  @Override
  public CompletionStage<Map<String, String>> join(List<String> seeds) {
    return CompletableFuture.completedFuture(Map.of());
  }

  @Override
  public void forget(PeerId peer) {
    Seen it = seen.get(peer);
    if (it != null && !it.reachable() && !it.answers) {
      seen.remove(peer);
      outdated = true;
    }
  }

  @Override
  public List<String> troubles() {
    return List.of();
  }

  @Override
  public CompletionStage<Void> leave() {
    if (!stopped) {
      mesh.goodbye(this);
    }
    return stop();
  }

  @Override
  public CompletionStage<Void> stop() {
    if (!stopped) {
      stopped = true;
      if (started) {
        mesh.went(this);
      }
    }
    return CompletableFuture.completedFuture(null);
  }
}
