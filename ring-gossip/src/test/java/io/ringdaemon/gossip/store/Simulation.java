package io.ringdaemon.gossip.store;

import io.ringdaemon.election.EpochStore;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.gossip.mesh.Mesh;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.SimulatedMesh;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.member.AutoForget;
import io.ringdaemon.member.RingMember;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * A whole cluster in virtual time: real stores, lifecyclers and elections over a simulated mesh.
 * Same seed, same run.
 */
public final class Simulation {
  private static final RingOptions OPTIONS =
      new RingOptions("default", 3, false, Duration.ofMinutes(1));

  private final VirtualTime time;
  private final SimulatedMesh mesh;
  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Disk> disks = new HashMap<>();
  private final List<Runnable> always = new ArrayList<>();
  private int tokens = 4;
  private RingMember.ElectionRules rules = RingMember.ElectionRules.DEFAULTS;

  private final long seed;

  private Simulation(long seed) {
    this.seed = seed;
    time = new VirtualTime(seed);
    mesh = new SimulatedMesh(time, seed);
    checkOften();
  }

  public static Simulation of(long seed) {
    return new Simulation(seed);
  }

  private void checkOften() {
    always.forEach(Runnable::run);
    time.after(Duration.ofMillis(50), this::checkOften);
  }

  /** Runs {@code invariant} every 50 ms of virtual time. */
  public void always(Runnable invariant) {
    always.add(invariant);
  }

  public Simulation electing(RingMember.ElectionRules rules) {
    this.rules = rules;
    return this;
  }

  public Simulation tokensEach(int tokens) {
    this.tokens = tokens;
    return this;
  }

  /** Runs until {@code condition} holds; a failure tells the seed and what every node sees. */
  public Duration runUntil(Duration limit, BooleanSupplier condition) {
    try {
      return time.runUntil(limit, condition);
    } catch (AssertionError late) {
      throw new AssertionError("seed " + seed + ": " + late.getMessage() + "\n" + describe(), late);
    }
  }

  /** What every running node sees and what happened to it. */
  public String describe() {
    StringBuilder text = new StringBuilder("at " + time.now() + "\n");
    for (Node node : running()) {
      text.append(node.name).append(" leader ").append(node.leadership()).append('\n');
      node.ring()
          .instances()
          .forEach(
              one ->
                  text.append(
                      "  %s %s %s owns %s\n"
                          .formatted(one.id(), one.state(), one.health(), one.owned())));
      node.member.events().forEach(event -> text.append("    ").append(event).append('\n'));
    }
    return text.toString();
  }

  public VirtualTime time() {
    return time;
  }

  public SimulatedMesh mesh() {
    return mesh;
  }

  /** Starts a node, with the disk its name had before. */
  public Node start(String name) {
    Node node = new Node(name, disks.computeIfAbsent(name, any -> new Disk()));
    nodes.put(name, node);
    return node;
  }

  public Node node(String name) {
    return nodes.get(name);
  }

  /** Nodes that were started and neither killed nor stopped. */
  public List<Node> running() {
    return nodes.values().stream().filter(node -> !node.loop.dead() && !node.stopped).toList();
  }

  /** Whether every running node sees exactly the running ones, ACTIVE and well, and one leader. */
  public boolean settled() {
    List<String> names = running().stream().map(node -> node.name).toList();
    return running().stream()
            .allMatch(
                node ->
                    node.ring().instances().stream().map(one -> one.id()).toList().equals(names)
                        && node.ring().instances().stream()
                            .allMatch(
                                one -> one.state() == InstanceState.ACTIVE && one.health().well()))
        && agreedLeader().isPresent();
  }

  /** The leader that all running nodes name, if they do. */
  public Optional<String> agreedLeader() {
    List<Optional<String>> named =
        running().stream()
            .filter(node -> !node.loop.frozen())
            .map(
                node ->
                    node.leadership().leaderAt(time.nanoTime()).map(Leadership.Leader::instanceId))
            .distinct()
            .toList();
    return named.size() == 1 ? named.get(0) : Optional.empty();
  }

  /** Those that say that they lead. */
  public List<String> leading() {
    return running().stream()
        .filter(node -> !node.loop.frozen() && node.leadership().selfLeads(time.nanoTime()))
        .map(node -> node.name)
        .toList();
  }

  /** What survives a kill -9. */
  public static final class Disk {
    private Optional<Tokens> tokens = Optional.empty();
    private OptionalLong epoch = OptionalLong.empty();
    private boolean broken;

    /** Writing fails from now on. */
    public void breakDown() {
      broken = true;
    }

    private CompletionStage<Void> write(Runnable change) {
      if (broken) {
        return CompletableFuture.failedFuture(new IOException("disk full"));
      }
      change.run();
      return CompletableFuture.completedFuture(null);
    }
  }

  /** One node with its part in the ring {@code default}. */
  public final class Node {
    public final String name;
    public final VirtualTime.Node loop = time.node();
    public final Mesh meshEnd;
    public final GossipKvStore store;
    public RingMember member;
    private final Disk disk;
    private boolean stopped;

    private Node(String name, Disk disk) {
      this.name = name;
      this.disk = disk;
      this.meshEnd = mesh.join(name, loop);
      this.store =
          new GossipKvStore(
              loop.world(),
              meshEnd,
              GossipConfig.DEFAULTS,
              List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE),
              Metrics.unseen());
      loop.execute(this::begin);
      time.runUntil(Duration.ofSeconds(1), () -> member != null);
    }

    private void begin() {
      Origin origin = new Origin(name, meshEnd.self().id().life(), "");
      LifecyclerConfig lifecycle =
          new LifecyclerConfig(
              name,
              name + ":80",
              "",
              origin,
              tokens,
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(2),
              true);
      member =
          new RingMember(
              new RingMember.Config(
                  OPTIONS,
                  "collectors/default",
                  name,
                  Optional.of(lifecycle),
                  Optional.of(rules),
                  new AutoForget(true, Duration.ofMinutes(10), false)),
              new RingMember.Surroundings(
                  loop.world(),
                  store,
                  store.liveness(),
                  tokenStore(),
                  epochStore(),
                  (node, life, timeout) -> meshEnd.probe(new PeerId(node, life), timeout),
                  store.courier(),
                  null,
                  Metrics.unseen(),
                  event -> {}));
      store.listenToPeers(peer -> member.refresh());
      store.start().thenRun(member::start);
    }

    private TokenStore tokenStore() {
      return new TokenStore() {
        @Override
        public CompletionStage<Optional<Tokens>> load() {
          return CompletableFuture.completedFuture(disk.tokens);
        }

        @Override
        public CompletionStage<Void> save(Tokens tokens) {
          return disk.write(() -> disk.tokens = Optional.of(tokens));
        }
      };
    }

    private EpochStore epochStore() {
      return new EpochStore() {
        @Override
        public CompletionStage<OptionalLong> load() {
          return CompletableFuture.completedFuture(disk.epoch);
        }

        @Override
        public CompletionStage<Void> save(long epoch) {
          return disk.write(() -> disk.epoch = OptionalLong.of(epoch));
        }
      };
    }

    public Ring ring() {
      return member.ring();
    }

    public Leadership leadership() {
      return member.leadership().orElseThrow();
    }

    public Disk disk() {
      return disk;
    }

    /** kill -9. */
    public void kill() {
      loop.kill();
      meshEnd.stop();
    }

    /** SIGTERM. */
    public void leave() {
      loop.execute(
          () ->
              member
                  .leave()
                  .thenCompose(done -> store.drained())
                  .thenCompose(done -> meshEnd.leave())
                  .thenRun(() -> stopped = true));
      time.runUntil(Duration.ofSeconds(5), () -> stopped);
      loop.kill();
    }

    /** Forgets, as somebody asking this node would. */
    public void forget(String id) {
      loop.execute(() -> member.forget(List.of(id), true, "test"));
    }

    public boolean sees(String id) {
      return ring().instance(id).isPresent();
    }
  }
}
