package io.ringdaemon.member;

import io.ringdaemon.election.Election;
import io.ringdaemon.election.EpochStore;
import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.election.Leadership;
import io.ringdaemon.election.Prober;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.lifecycle.Lifecycler;
import io.ringdaemon.lifecycle.LifecyclerConfig;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
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
   * @param election whether this ring elects a leader
   * @param autoForget what the leader takes out by itself
   */
  public record Config(
      RingOptions options,
      String key,
      String selfId,
      Optional<LifecyclerConfig> lifecycle,
      boolean election,
      AutoForget autoForget) {}

  /** What a forget did with each id. */
  public record Forgotten(
      List<String> forgotten, List<String> absent, List<String> unknown, List<String> living) {}

  private static final Duration AUTO_FORGET = Duration.ofSeconds(5);

  private final World world;
  private final Config config;
  private final KvStore store;
  private final Key<RingDesc> key;
  private final RingWatcher watcher;
  private final @Nullable Lifecycler lifecycler;
  private final @Nullable Election election;
  private final Journal journal;
  private final Liveness liveness;
  private final List<Runnable> listeners = new ArrayList<>();
  private Ring seenRing;
  private @Nullable Leadership seenLeadership;
  private final AtomicLong index = new AtomicLong(1);

  /** Everything a member leans on. {@code log} is told of each event once. */
  public record Surroundings(
      World world,
      KvStore store,
      Liveness liveness,
      TokenStore tokens,
      EpochStore epochs,
      Prober prober,
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
        config
            .lifecycle()
            .filter(settings -> config.election())
            .map(settings -> election(settings, around))
            .orElse(null);
    watcher.listen(this::onRing);
    if (election != null) {
      seenLeadership = election.leadership();
      election.listen(this::onLeadership);
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

  private Election election(LifecyclerConfig settings, Surroundings around) {
    return new Election(
        world,
        settings.instanceId(),
        settings.origin(),
        store,
        new Key<LeaderRecord>(config.key() + "/leader", LeaderRecordCodec.INSTANCE),
        watcher,
        around.epochs(),
        around.prober(),
        around.metrics(),
        this::note);
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
    if (leadership().filter(now -> now.selfLeads(world.nanoTime())).isPresent()) {
      List<String> due =
          config.autoForget().due(watcher.ring(), config.selfId(), liveness, world.now());
      if (!due.isEmpty()) {
        var unused = forget(due, false, "the leader, unhealthy for too long");
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
    return Optional.ofNullable(election).map(Election::leadership);
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
      if (lifecycler.obstacle().contains("already registered")) {
        alerts.add("Not in the ring: " + lifecycler.obstacle() + ".");
      }
    }
    leadership()
        .map(Leadership::obstacle)
        .filter(obstacle -> obstacle.startsWith("the epoch"))
        .ifPresent(
            obstacle ->
                alerts.add(obstacle + ": this node is not eligible to lead. Mend data_dir."));
    return alerts;
  }

  /** Calls {@code listener} on the loop each time {@link #index} has risen. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Takes instances out of the ring. {@code allOrNothing}: nothing happens unless all are in it.
   *
   * @param actor who asks, for the journal
   */
  public CompletionStage<Forgotten> forget(List<String> ids, boolean allOrNothing, String actor) {
    assert world.loop().inside() : "outside the loop";
    RingDesc known = watcher.desc();
    List<String> present =
        ids.stream().distinct().filter(id -> known.instance(id).isPresent()).toList();
    List<String> absent = having(ids, known, true);
    List<String> unknown = having(ids, known, false);
    Ring view = watcher.ring();
    List<String> living =
        present.stream()
            .filter(id -> view.instance(id).filter(one -> one.health().well()).isPresent())
            .toList();
    if (present.isEmpty() || (allOrNothing && present.size() < ids.stream().distinct().count())) {
      return CompletableFuture.completedFuture(
          new Forgotten(List.of(), absent, unknown, List.of()));
    }
    return store
        .cas(
            key,
            ring -> {
              RingDesc left = ring;
              for (String id : present) {
                left = left.without(id);
              }
              return left;
            })
        .thenApply(
            ring -> {
              present.forEach(
                  id ->
                      journal.add(
                          new Event(world.now(), "forgotten", id, "forgotten by " + actor)));
              return new Forgotten(present, absent, unknown, living);
            });
  }

  private static List<String> having(List<String> ids, RingDesc known, boolean tombstone) {
    return ids.stream()
        .distinct()
        .filter(id -> known.instance(id).isEmpty())
        .filter(id -> known.entry(id).map(InstanceDesc::isTombstone).orElse(false) == tombstone)
        .toList();
  }

  private void onRing(Ring ring) {
    boolean noticed = journal.compare(seenRing, ring);
    seenRing = ring;
    if (noticed) {
      rise();
    }
  }

  private void onLeadership(Leadership now) {
    if (seenLeadership != null) {
      journal.leader(seenLeadership, now, world.now());
    }
    seenLeadership = now;
    rise();
  }

  private void rise() {
    index.incrementAndGet();
    List.copyOf(listeners).forEach(Runnable::run);
  }
}
