package io.ringdaemon.member;

import io.ringdaemon.change.Change;
import io.ringdaemon.change.Request;
import io.ringdaemon.change.Result;
import io.ringdaemon.election.Election;
import io.ringdaemon.election.EpochStore;
import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.election.Onlooker;
import io.ringdaemon.election.Policy;
import io.ringdaemon.election.Prober;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.lifecycle.Lifecycler;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.lifecycle.Obstacle;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import io.ringdaemon.token.RandomTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in one ring: the view, and, unless it only looks on, the instance it keeps there
 * and its stand in the election. Works over any {@link KvStore}; a whole cluster of these runs in a
 * unit test.
 *
 * <p><b>Threading:</b> confined to the loop; accessors say so where any thread may call.
 */
public final class RingMember {
  /**
   * What a member needs to know.
   *
   * @param key of the ring in the store; the leader record is at {@code key + "/leader"}
   * @param selfId this node's instance id, registered or not
   * @param lifecycle empty: only look on
   * @param election how this ring elects a leader; empty: not at all
   * @param autoForget what the leader takes out by itself
   */
  public record Config(
      RingOptions options,
      String key,
      String selfId,
      Optional<LifecyclerConfig> lifecycle,
      Optional<ElectionRules> election,
      AutoForget autoForget) {}

  /** See {@link Election.Config}. */
  public record ElectionRules(Policy policy, Duration takeOverDelay, int minVisible) {
    public static final ElectionRules DEFAULTS =
        new ElectionRules(Policy.LOWEST_TOKEN, Duration.ZERO, 0);
  }

  private static final Duration AUTO_FORGET = Duration.ofSeconds(5);

  /** Ids of any length fit into one change. */
  private static final int AT_ONCE = Change.MOST_ID_BYTES / 1024;

  private final World world;
  private final Config config;
  private final KvStore store;
  private final Key<RingDesc> key;
  private final RingWatcher watcher;
  private final @Nullable Lifecycler lifecycler;
  private final @Nullable Election election;
  private final @Nullable Onlooker onlooker;
  private final Journal journal;
  private final Liveness liveness;
  private final List<Runnable> listeners = new ArrayList<>();
  private Ring seenRing;
  private Optional<Leadership.Leader> seenLeader = Optional.empty();
  private final RingEditor editor;
  private final @Nullable Changes changes;
  private final AtomicLong index = new AtomicLong(1);

  /**
   * Everything a member leans on.
   *
   * @param courier null where nodes can't reach each other: changes are then made where they arrive
   * @param lock null: leading is advisory
   * @param log told of each event once
   */
  public record Surroundings(
      World world,
      KvStore store,
      Liveness liveness,
      TokenStore tokens,
      EpochStore epochs,
      Prober prober,
      @Nullable Courier courier,
      @Nullable LeaderLock lock,
      Metrics metrics,
      Consumer<Event> log) {}

  public RingMember(Config config, Surroundings around) {
    this.world = around.world();
    this.config = config;
    this.store = around.store();
    this.liveness = around.liveness();
    this.key = new Key<>(config.key(), RingCodec.INSTANCE);
    this.journal = new Journal(around.log());
    this.watcher = new RingWatcher(world, config.options(), store, key, around.liveness());
    this.seenRing = watcher.ring();
    this.lifecycler = config.lifecycle().map(settings -> lifecycler(settings, around)).orElse(null);
    this.election =
        config.lifecycle().isPresent() && config.election().isPresent()
            ? election(config.lifecycle().get(), config.election().get(), around)
            : null;
    this.onlooker =
        config.lifecycle().isEmpty() && config.election().isPresent()
            ? new Onlooker(
                world,
                store,
                leaderKey(),
                watcher,
                new Leadership.Rules(
                    config.election().get().policy().word(),
                    around.lock() == null ? "advisory" : "strong"))
            : null;
    this.editor =
        new RingEditor(world, config.selfId(), store, key, watcher, journal, lifecycler, election);
    this.changes =
        election == null || around.courier() == null
            ? null
            : new Changes(
                world,
                config.key(),
                config.lifecycle().get().origin(),
                watcher,
                election,
                around.courier(),
                editor,
                around.metrics());
    watcher.listen(this::onRing);
    if (election != null) {
      election.listen(this::onLeadership);
      if (lifecycler != null) {
        lifecycler.listenToWrites(election::heartbeat);
      }
    }
    if (onlooker != null) {
      onlooker.listen(this::onLeadership);
    }
  }

  private Lifecycler lifecycler(LifecyclerConfig settings, Surroundings around) {
    return new Lifecycler(
        world,
        settings,
        store,
        key,
        watcher,
        around.liveness(),
        around.tokens(),
        new RandomTokens(world.chance()),
        around.metrics(),
        this::note);
  }

  private Election election(LifecyclerConfig settings, ElectionRules rules, Surroundings around) {
    return new Election(
        new Election.Config(
            settings.instanceId(),
            settings.origin(),
            rules.policy(),
            rules.takeOverDelay(),
            rules.minVisible()),
        new Election.Surroundings(
            world,
            store,
            leaderKey(),
            watcher,
            around.epochs(),
            around.prober(),
            around.courier(),
            around.lock(),
            around.metrics(),
            this::note));
  }

  private Key<LeaderRecord> leaderKey() {
    return new Key<>(config.key() + "/leader", LeaderRecordCodec.INSTANCE);
  }

  /** Writes into the journal what was done for this node's instance. On the loop. */
  public void note(String kind, String text) {
    journal.add(new Event(world.now(), kind, config.selfId(), text));
  }

  /** Begins to register, if this node has an instance in the ring. */
  public void start() {
    if (lifecycler != null) {
      lifecycler.start();
    }
    if (election != null) {
      Every.start(world, AUTO_FORGET, 0.1, this::forgetTheLongDead);
    }
  }

  private void forgetTheLongDead() {
    if (election != null && election.leads()) {
      List<String> due =
          config.autoForget().due(watcher.ring(), config.selfId(), liveness, world.now()).stream()
              .limit(AT_ONCE)
              .toList();
      if (!due.isEmpty()) {
        var unused = forget(due, false, "the leader: unhealthy for too long");
      }
    }
  }

  /** Hands over the lead, then takes the instance out of the ring. */
  public CompletionStage<Void> leave() {
    return leave(() -> CompletableFuture.completedFuture(null));
  }

  /** The same, with {@code work} to be done while it is LEAVING ({@link Lifecycler#leave}). */
  public CompletionStage<Void> leave(Supplier<? extends CompletionStage<?>> work) {
    CompletionStage<Void> handedOver =
        election == null ? CompletableFuture.completedFuture(null) : election.stop();
    CompletionStage<Void> left =
        lifecycler == null ? CompletableFuture.completedFuture(null) : lifecycler.leave(work);
    return handedOver.runAfterBoth(left, () -> {});
  }

  /** This node's instance fails its own health check, and why; empty: it passes. On the loop. */
  public void failingCheck(String why) {
    if (lifecycler != null) {
      lifecycler.failingCheck(why);
    }
  }

  /** To be called when the liveness of some node changed. */
  public void refresh() {
    watcher.refresh();
  }

  public Config config() {
    return config;
  }

  /** The present view. Any thread. */
  public Ring ring() {
    return watcher.ring();
  }

  /** Who leads; empty where nobody is elected. Any thread. */
  public Optional<Leadership> leadership() {
    return election != null
        ? Optional.of(election.leadership())
        : Optional.ofNullable(onlooker).map(Onlooker::leadership);
  }

  /** This node's part in the election; empty where it has none. Any thread may have it. */
  public Optional<Election> election() {
    return Optional.ofNullable(election);
  }

  /** Where this node's instance stands; empty when it only looks on. Any thread. */
  public Optional<Lifecycler> lifecycler() {
    return Optional.ofNullable(lifecycler);
  }

  /** Rises when state, tokens, health or leader change, never for a heartbeat. Any thread. */
  public long index() {
    return index.get();
  }

  /** Newest first. Any thread. */
  public List<Event> events() {
    return journal.events();
  }

  /** States of this node in this ring that deserve alarm, a sentence each. Any thread. */
  public List<String> alerts() {
    List<String> alerts = new ArrayList<>();
    if (lifecycler != null) {
      if (!lifecycler.storageTrouble().isEmpty()) {
        alerts.add(
            lifecycler.storageTrouble()
                + ": after a restart this instance comes back with other tokens. Mend data_dir.");
      }
      lifecycler
          .obstacle()
          .filter(obstacle -> obstacle.kind() == Obstacle.Kind.RIVAL)
          .ifPresent(obstacle -> alerts.add("Not in the ring: " + obstacle.text() + "."));
    }
    leadership()
        .flatMap(Leadership::obstacle)
        .filter(io.ringdaemon.election.Obstacle::mustBeMended)
        .ifPresent(
            obstacle ->
                alerts.add(
                    obstacle.text() + ": this node is not eligible to lead. Mend data_dir."));
    return alerts;
  }

  /** Calls {@code listener} on the loop each time {@link #index} has risen. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Changes the ring: in a gossip ring that elects a leader, by its leader; else by CAS here.
   * Completes when this node's view shows it, with what became of it; fails with {@code
   * TimeoutException} if nobody answers for 4 s, and with what the store said.
   *
   * @param id names the change: a repeated one repeats nothing for 60 s; empty: a new one
   * @param baseVersions the ring must be at one of these; none: at any
   * @param actor who asks, for the journal
   */
  public CompletionStage<Result> change(
      Change change, String id, List<String> baseVersions, String actor) {
    assert world.loop().inside() : "outside the loop";
    long epoch = leadership().map(Leadership::epoch).orElse(0L);
    Request request =
        new Request(id.isEmpty() ? freshId() : id, change, epoch, baseVersions, actor);
    return changes == null ? editor.carryOut(request) : changes.ask(request);
  }

  private String freshId() {
    return "%016x%016x".formatted(world.chance().nextLong(), world.chance().nextLong());
  }

  /** Takes instances out of the ring. {@code allOrNothing}: none unless all are in it. */
  public CompletionStage<Result> forget(List<String> ids, boolean allOrNothing, String actor) {
    return change(new Change.Forget(ids, allOrNothing), "", List.of(), actor);
  }

  private void onRing(Ring ring) {
    boolean noticed = journal.compare(seenRing, ring);
    seenRing = ring;
    if (noticed) {
      rise();
    }
  }

  private void onLeadership(Leadership now) {
    Optional<Leadership.Leader> leader = now.leaderAt(world.nanoTime());
    journal.leader(seenLeader, leader, world.now());
    seenLeader = leader;
    rise();
  }

  private void rise() {
    index.incrementAndGet();
    List.copyOf(listeners).forEach(Runnable::run);
  }
}
