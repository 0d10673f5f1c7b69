package io.ringdaemon.gossip.sim;

import io.ringdaemon.election.Leadership;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A whole cluster in virtual time: real stores, lifecyclers and elections over a simulated mesh.
 * Same seed, same run. {@link Invariants} watches after every event; a failure tells the seed, the
 * time and what every node sees.
 *
 * <p>Used by one thread; several simulations may run at once, each in its own.
 */
public final class Simulation {
  private static final Duration SAMPLE = Duration.ofMillis(100);
  private static final int FEW = 10;

  private final long seed;
  private final VirtualTime time;
  private final SimulatedMesh mesh;
  private final SplittableRandom chance;
  private final Map<String, SimNode> nodes = new TreeMap<>();
  private final Map<VirtualTime.Node, SimNode> byLoop = new HashMap<>();
  private final Map<String, Disk> disks = new TreeMap<>();
  private final Map<String, Duration> skews = new HashMap<>();
  private final List<Runnable> always = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Absences absences = new Absences(this);
  private final Invariants invariants = new Invariants(this);
  private SimConfig config = SimConfig.DEFAULTS;
  private String replay = "";

  private Simulation(long seed) {
    this.seed = seed;
    time = new VirtualTime(seed);
    mesh = new SimulatedMesh(time, seed);
    chance = new SplittableRandom(seed ^ 0xfa017);
    time.afterEach(loop -> invariants.afterEvent(byLoop.get(loop)));
    sample();
  }

  public static Simulation of(long seed) {
    return new Simulation(seed);
  }

  /** Tells a failure's reader how to see it again. */
  public Simulation replayedBy(String command) {
    replay = command;
    return this;
  }

  /** For nodes started from now on. */
  public Simulation configured(SimConfig config) {
    this.config = config;
    return this;
  }

  private void sample() {
    invariants.sample();
    always.forEach(Runnable::run);
    time.after(SAMPLE, this::sample);
  }

  /** Runs {@code invariant} every 100 ms of virtual time. */
  public void always(Runnable invariant) {
    always.add(invariant);
  }

  public long seed() {
    return seed;
  }

  public SimConfig config() {
    return config;
  }

  public VirtualTime time() {
    return time;
  }

  public SimulatedMesh mesh() {
    return mesh;
  }

  /** For the story: nothing else draws from it. */
  public RandomGenerator chance() {
    return chance;
  }

  Absences absences() {
    return absences;
  }

  /** Notes for the reader of a failure what the story does now. */
  public void tell(String what) {
    if (faults.size() < 500) {
      faults.add(time.now() + " " + what);
    }
  }

  /** Does something to the cluster later. */
  public void at(Duration later, Runnable fault) {
    time.after(later, fault);
  }

  public void runFor(Duration duration) {
    watched(
        () -> {
          time.runFor(duration);
          return duration;
        });
  }

  /**
   * Runs until {@code condition} holds, and tells how long that took; looked at in steps that get
   * coarser as the cluster gets larger.
   *
   * @param what for the failure if it does not hold within {@code limit}
   */
  public Duration runUntil(Duration limit, String what, BooleanSupplier condition) {
    long step = Duration.ofMillis(Math.max(10, nodes.size() / 2)).toNanos();
    return watched(
        () -> {
          long began = time.nanoTime();
          while (!condition.getAsBoolean()) {
            if (time.nanoTime() - began >= limit.toNanos()) {
              throw new AssertionError("not within " + limit + ": " + what);
            }
            time.runFor(Duration.ofNanos(step));
          }
          return Duration.ofNanos(time.nanoTime() - began);
        });
  }

  /** Runs a piece of the story so that a failure tells what is needed to understand it. */
  <T> T watched(Supplier<T> piece) {
    try {
      return piece.get();
    } catch (SimulationFailure told) {
      throw told;
    } catch (AssertionError | RuntimeException broken) {
      throw new SimulationFailure(
          "%s%nseed %d, after %s%s%n%s"
              .formatted(
                  broken.getMessage() == null ? broken.toString() : broken.getMessage(),
                  seed,
                  Duration.ofNanos(time.nanoTime()),
                  replay.isEmpty() ? "" : ", replay: " + replay,
                  describe()),
          broken);
    }
  }

  /** Starts a node, with the disk and the clock its name had before. */
  public SimNode start(String name) {
    return start(name, Set.of());
  }

  /** The same, finding the others through {@code seeds} alone. */
  public SimNode start(String name, Set<String> seeds) {
    return watched(
        () -> {
          SimNode node =
              new SimNode(this, name, disk(name), skews.getOrDefault(name, Duration.ZERO), seeds);
          byLoop.put(node.loop(), node);
          node.begin();
          SimNode before = nodes.put(name, node);
          if (before != null) {
            byLoop.remove(before.loop());
          }
          absences.back(name);
          return node;
        });
  }

  /** Starts {@code count} nodes, {@code n-0} and so on, and returns their names. */
  public List<String> startAll(int count) {
    List<String> names = names(count);
    names.forEach(this::start);
    return names;
  }

  /** Names of {@code count} nodes, in order. */
  public static List<String> names(int count) {
    int digits = Integer.toString(Math.max(0, count - 1)).length();
    return IntStream.range(0, count).mapToObj(i -> ("n-%0" + digits + "d").formatted(i)).toList();
  }

  /** The disk of a name, whether it runs or not. */
  public Disk disk(String name) {
    return disks.computeIfAbsent(name, any -> new Disk());
  }

  void skew(String name, Duration skew) {
    skews.put(name, skew);
  }

  /** The last life of a name. */
  public SimNode node(String name) {
    SimNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("no node " + name + ", only " + nodes.keySet());
    }
    return node;
  }

  /** The last life of each, be it over or not. */
  Collection<SimNode> nodes() {
    return nodes.values();
  }

  /** Those that run, by name; frozen ones too. */
  public List<SimNode> running() {
    return nodes.values().stream().filter(SimNode::running).toList();
  }

  /** Whether every running node sees exactly the running ones, ACTIVE and well, and one leader. */
  public boolean settled() {
    List<SimNode> running = running();
    List<String> names = running.stream().map(SimNode::name).toList();
    for (SimNode node : running) {
      List<Instance> seen = node.ring().instances();
      if (seen.size() != names.size()) {
        return false;
      }
      for (int i = 0; i < names.size(); i++) {
        Instance one = seen.get(i);
        if (!one.id().equals(names.get(i))
            || one.state() != InstanceState.ACTIVE
            || !one.health().well()) {
          return false;
        }
      }
    }
    return agreedLeader().isPresent();
  }

  /** Settled, all views and removals equal, the lead with whom policy chooses, known to all. */
  public boolean converged() {
    return settled()
        && running().stream().map(node -> node.ring().version()).distinct().count() == 1
        && running().stream().map(node -> node.desc().content()).distinct().count() == 1
        && running().stream().map(node -> node.leadership().epoch()).distinct().count() == 1
        && agreedLeader().equals(choice());
  }

  /** Whom policy chooses among those that run, as the first of them sees the tokens. */
  public Optional<String> choice() {
    return running().stream()
        .findFirst()
        .flatMap(
            first ->
                first.ring().instances().stream()
                    .filter(one -> !one.owned().isEmpty() && !disk(one.id()).broken())
                    .min(Comparator.comparingLong(one -> one.owned().at(0))))
        .map(Instance::id);
  }

  /** The leader that all running nodes name, if they do. */
  public Optional<String> agreedLeader() {
    Optional<String> named = Optional.empty();
    for (SimNode node : running()) {
      if (!node.loop().frozen()) {
        Optional<String> its =
            node.leadership().leaderAt(time.nanoTime()).map(Leadership.Leader::instanceId);
        if (its.isEmpty() || (named.isPresent() && !named.equals(its))) {
          return Optional.empty();
        }
        named = its;
      }
    }
    return named;
  }

  /** Those that say that they lead. */
  public List<String> leading() {
    return running().stream()
        .filter(node -> !node.loop().frozen() && node.leads())
        .map(SimNode::name)
        .toList();
  }

  /** All faults end; then the cluster must converge, and stay so. */
  public void endsWell() {
    tell("all faults end");
    mesh.heal();
    mesh.conditions(Conditions.CALM);
    running().forEach(node -> node.loop().slow(Duration.ZERO));
    runUntil(Duration.ofMinutes(3), "converged at the end", this::converged);
    runFor(Duration.ofSeconds(20));
    watched(
        () -> {
          invariants.atTheEnd();
          return 0;
        });
  }

  /** What the story did, what the nodes see (those that see most differently first), and why. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    faults.forEach(fault -> text.append("  ").append(fault).append('\n'));
    text.append("at ").append(time.now()).append('\n');
    List<SimNode> running = running();
    Map<String, Long> views = new HashMap<>();
    running.forEach(node -> views.merge(node.ring().version(), 1L, Long::sum));
    running.stream()
        .sorted(Comparator.comparing(node -> views.get(node.ring().version())))
        .limit(FEW)
        .forEach(node -> describe(node, text));
    if (running.size() > FEW) {
      text.append("and ").append(running.size() - FEW).append(" more nodes\n");
    }
    return text.toString();
  }

  private void describe(SimNode node, StringBuilder text) {
    text.append(
        "%s%s sees epoch %d, leader %s; it can't lead: %s%n"
            .formatted(
                node,
                frozen(node),
                node.leadership().epoch(),
                node.leadership().leaderAt(time.nanoTime()),
                node.leadership().obstacle()));
    List<Instance> seen = node.ring().instances();
    seen.stream()
        .sorted(Comparator.comparing(one -> one.health().well()))
        .limit(2 * FEW)
        .forEach(
            one ->
                text.append(
                    "  %s %s %s %d owns %s%n"
                        .formatted(
                            one.id(),
                            one.state(),
                            one.health(),
                            one.desc().timestamp(),
                            one.owned())));
    text.append("  of %d%n".formatted(seen.size()));
    node.member().events().forEach(event -> text.append("    ").append(event).append('\n'));
  }

  private static String frozen(SimNode node) {
    return node.loop().frozen() ? " (frozen)" : "";
  }
}
