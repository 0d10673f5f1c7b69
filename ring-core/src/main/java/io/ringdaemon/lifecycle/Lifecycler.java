package io.ringdaemon.lifecycle;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.lifecycle.Phase.Active;
import io.ringdaemon.lifecycle.Phase.Joining;
import io.ringdaemon.lifecycle.Phase.Leaving;
import io.ringdaemon.lifecycle.Phase.Left;
import io.ringdaemon.lifecycle.Phase.Pending;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import io.ringdaemon.token.TokenGenerator;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one instance in one ring: registers it, watches whether it keeps its tokens, sends its
 * heartbeats, brings it back when somebody forgot it although it lives, and takes it out (design.md
 * section 7; the states: {@link Phase}).
 *
 * <p><b>Promises</b> a live instance that can write is in the ring; its timestamps only rise;
 * tokens it lost to another are replaced, others kept. <b>Not</b> that it is registered while an
 * older life of its name or id is alive: see {@link #obstacle}.
 *
 * <p><b>Threading:</b> confined to the loop; {@link #phase} and {@link #obstacle} may be read from
 * anywhere. <b>Time:</b> injected. <b>Bounds:</b> three timers, one write at a time and one
 * waiting.
 *
 * <p><b>Differs</b> from both dskit lifecyclers (reference/ring-semantics.md section 2): it
 * registers only after it knows the ring, and it replaces tokens lost at any time (W3, W4, W5
 * there).
 */
public final class Lifecycler {
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final Duration LEAVING_SHOWN = Duration.ofMillis(300);

  private final World world;
  private final LifecyclerConfig config;
  private final KvStore store;
  private final Key<RingDesc> key;
  private final RingWatcher watcher;
  private final Liveness liveness;
  private final TokenStore tokenStore;
  private final TokenGenerator generator;
  private final BiConsumer<String, String> journal;
  private final LongAdder heartbeats;
  private final LongAdder failedWrites;
  private Tokens remembered = Tokens.NONE;
  private boolean writing;
  private boolean started;
  private @Nullable Every heartbeat;
  private Loop.@Nullable Timer settle;
  private volatile Phase phase = new Pending();
  private volatile String obstacle = "not started";
  private volatile String storageTrouble = "";

  /**
   * @param journal told of what happened: a kind of event ({@code conflict}, {@code returned}) and
   *     a sentence
   */
  public Lifecycler(
      World world,
      LifecyclerConfig config,
      KvStore store,
      Key<RingDesc> key,
      RingWatcher watcher,
      Liveness liveness,
      TokenStore tokenStore,
      TokenGenerator generator,
      Metrics metrics,
      BiConsumer<String, String> journal) {
    this.world = world;
    this.config = config;
    this.store = store;
    this.key = key;
    this.watcher = watcher;
    this.liveness = liveness;
    this.tokenStore = tokenStore;
    this.generator = generator;
    this.journal = journal;
    String ring = watcher.ring().name();
    heartbeats =
        metrics.counter("ring_member_heartbeats_total", "Heartbeats written", "name", ring);
    failedWrites =
        metrics.counter(
            "ring_daemon_lifecycler_failed_writes_total",
            "Writes to the ring that failed",
            "name",
            ring);
    metrics.gauge(
        "ring_member_tokens_owned",
        "Tokens this node's instance claims in the ring",
        () -> phase.claimed().size(),
        "name",
        ring);
    metrics.gauge(
        "ring_member_tokens_to_own",
        "Tokens it is meant to have",
        () -> config.numTokens(),
        "name",
        ring);
  }

  /** Where the instance stands. Any thread. */
  public Phase phase() {
    return phase;
  }

  /** Why it isn't registered, in words; empty once it is. Any thread. */
  public String obstacle() {
    return obstacle;
  }

  /** Why its tokens can't be kept on disk, in words; empty: they are. Any thread. */
  public String storageTrouble() {
    return storageTrouble;
  }

  /** Begins. Once. */
  public void start() {
    assert world.loop().inside() : "outside the loop";
    obstacle = "reading its tokens";
    tokenStore
        .load()
        .whenComplete(
            (tokens, failure) -> {
              if (failure == null) {
                remembered = tokens.orElse(Tokens.NONE);
              } else {
                storageTrouble = "tokens can't be read: " + failure.getMessage();
              }
              obstacle = "looking for peers";
              store.firstContact().thenRun(this::begin);
              world.loop().after(config.aloneAfter(), this::begin);
            });
  }

  private void begin() {
    if (!started) {
      started = true;
      watcher.listen(this::onRing);
      register();
    }
  }

  private void register() {
    if (!(phase instanceof Pending)) {
      return;
    }
    Optional<String> rival = rival();
    if (rival.isPresent()) {
      obstacle = rival.get();
      world.loop().after(RETRY, this::register);
      return;
    }
    write(
        ring -> ring.with(firstEntry(ring)),
        ring ->
            ring.instance(config.instanceId())
                .ifPresent(
                    entry -> {
                      if (phase instanceof Pending pending) {
                        obstacle = "";
                        save(entry.tokens());
                        phase = pending.registered(entry.tokens(), world.nanoTime());
                        observe();
                        heartbeat = Every.start(world, config.heartbeatPeriod(), 0.05, this::beat);
                      }
                    }),
        () -> world.loop().after(RETRY, this::register));
  }

  /**
   * An older life that is alive: of this node's instance id under another node, or under another
   * life of this one. Of two the later stays away (design.md section 6).
   */
  private Optional<String> rival() {
    return watcher
        .desc()
        .instance(config.instanceId())
        .map(InstanceDesc::origin)
        .filter(other -> other.known() && other.life() < config.origin().life())
        .filter(other -> liveness.of(other.node(), other.life()).state() == Liveness.State.ALIVE)
        .map(
            other ->
                "instance %s is already registered by node %s, which is alive; give one of them another instance_id"
                    .formatted(config.instanceId(), other.node()));
  }

  private InstanceDesc firstEntry(RingDesc ring) {
    Optional<InstanceDesc> before = ring.instance(config.instanceId());
    Tokens kept =
        remembered.isEmpty() ? before.map(InstanceDesc::tokens).orElse(Tokens.NONE) : remembered;
    Tokens tokens =
        kept.plus(generator.generate(config.numTokens() - kept.size(), taken(ring, kept)));
    return InstanceDesc.of(config.instanceId(), config.addr(), config.zone())
        .withTokens(tokens)
        .withState(InstanceState.JOINING)
        .withRegistered(before.map(InstanceDesc::registered).orElse(world.now().getEpochSecond()))
        .withReadOnly(before.map(InstanceDesc::readOnly).orElse(InstanceDesc.ReadOnly.NEVER))
        .withVersions(Map.of(InstanceDesc.RING_DAEMON, 1L))
        .withOrigin(config.origin())
        .withTimestamp(timestamp(ring), sequence(ring));
  }

  private java.util.function.IntPredicate taken(RingDesc ring, Tokens own) {
    return token ->
        own.contains(token)
            || ring.entries().stream().anyMatch(entry -> entry.tokens().contains(token));
  }

  private long timestamp(RingDesc ring) {
    return ring.timestampFor(config.instanceId(), world.now());
  }

  private long sequence(RingDesc ring) {
    return ring.entry(config.instanceId()).map(InstanceDesc::sequence).orElse(0L) + 1;
  }

  /** The entry as this lifecycler wants it now, dated so that it wins. */
  private InstanceDesc wanted(RingDesc ring, InstanceState state, Tokens tokens) {
    return ring.instance(config.instanceId())
        .filter(entry -> entry.origin().equals(config.origin()))
        .orElseGet(() -> firstEntry(ring))
        .withState(state)
        .withTokens(tokens)
        .withTimestamp(timestamp(ring), sequence(ring));
  }

  private void onRing(Ring ring) {
    Phase at = phase;
    if (writing || !(at instanceof Joining || at instanceof Active)) {
      return;
    }
    Optional<Instance> own = ring.instance(config.instanceId());
    if (own.isEmpty() || !own.get().desc().origin().equals(config.origin())) {
      Optional<String> rival = rival();
      if (rival.isPresent()) {
        phase = new Pending();
        stopTimers();
        journal.accept("conflict", rival.get());
        register();
        return;
      }
      journal.accept("returned", config.instanceId() + " was forgotten but lives: registered anew");
      write(
          current -> current.with(wanted(current, at.state(), at.claimed())), done -> {}, () -> {});
      return;
    }
    Tokens owned = own.get().owned();
    if (owned.size() < at.claimed().size()) {
      replaceLost(at, owned);
    }
  }

  private void replaceLost(Phase at, Tokens owned) {
    int lost = at.claimed().size() - owned.size();
    write(
        current ->
            current.with(
                wanted(
                    current,
                    at.state(),
                    owned.plus(generator.generate(lost, taken(current, owned))))),
        done ->
            done.instance(config.instanceId())
                .ifPresent(
                    entry -> {
                      journal.accept(
                          "conflict", "%d tokens were lost to others and replaced".formatted(lost));
                      save(entry.tokens());
                      if (phase instanceof Joining joining) {
                        phase = joining.conflicted(entry.tokens(), world.nanoTime());
                        observe();
                      } else if (phase instanceof Active active) {
                        phase = active.conflicted(entry.tokens());
                      }
                    }),
        () -> {});
  }

  private void observe() {
    if (settle != null) {
      settle.cancel();
    }
    settle = world.loop().after(config.observePeriod(), this::settled);
  }

  private void settled() {
    if (!(phase instanceof Joining joining)) {
      return;
    }
    if (writing) {
      settle = world.loop().after(RETRY, this::settled);
      return;
    }
    write(
        ring -> ring.with(wanted(ring, InstanceState.ACTIVE, joining.claimed())),
        ring -> {
          if (phase.equals(joining)) {
            phase = joining.settled();
          }
        },
        this::observe);
  }

  private void beat() {
    Phase at = phase;
    if (!writing && (at instanceof Joining || at instanceof Active || at instanceof Leaving)) {
      write(
          ring -> ring.with(wanted(ring, at.state(), at.claimed())),
          ring -> heartbeats.increment(),
          () -> {});
    }
  }

  /**
   * Leaves the ring: LEAVING, shown long enough that the peers see it, then removed unless the
   * configuration keeps it. Completes when this node's store holds that; idempotent.
   */
  public CompletionStage<Void> leave() {
    assert world.loop().inside() : "outside the loop";
    Phase at = phase;
    stopTimers();
    if (at instanceof Pending || at instanceof Leaving || at instanceof Left) {
      phase = at instanceof Pending ? new Left() : at;
      return CompletableFuture.completedFuture(null);
    }
    phase = at instanceof Joining joining ? joining.leave() : ((Active) at).leave();
    CompletableFuture<Void> left = new CompletableFuture<>();
    store
        .cas(key, ring -> ring.with(wanted(ring, InstanceState.LEAVING, at.claimed())))
        .whenComplete((ring, failure) -> world.loop().after(LEAVING_SHOWN, () -> unregister(left)));
    return left;
  }

  private void unregister(CompletableFuture<Void> left) {
    CompletionStage<?> done =
        config.unregisterOnShutdown()
            ? store.cas(key, ring -> ring.without(config.instanceId()))
            : CompletableFuture.completedFuture(null);
    done.whenComplete(
        (ring, failure) -> {
          phase = new Left();
          if (failure == null) {
            left.complete(null);
          } else {
            left.completeExceptionally(failure);
          }
        });
  }

  private void stopTimers() {
    if (heartbeat != null) {
      heartbeat.stop();
    }
    if (settle != null) {
      settle.cancel();
    }
  }

  private void save(Tokens tokens) {
    remembered = tokens;
    tokenStore
        .save(tokens)
        .whenComplete(
            (done, failure) ->
                storageTrouble =
                    failure == null ? "" : "tokens can't be written: " + failure.getMessage());
  }

  private void write(
      UnaryOperator<RingDesc> update, java.util.function.Consumer<RingDesc> done, Runnable failed) {
    writing = true;
    store
        .cas(key, update)
        .whenComplete(
            (ring, failure) -> {
              writing = false;
              if (failure == null) {
                done.accept(ring);
              } else {
                failedWrites.increment();
                failed.run();
              }
              world.loop().execute(() -> onRing(watcher.ring()));
            });
  }
}
