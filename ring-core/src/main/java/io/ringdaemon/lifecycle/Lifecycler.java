package io.ringdaemon.lifecycle;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.lifecycle.Phase.Active;
import io.ringdaemon.lifecycle.Phase.Joining;
import io.ringdaemon.lifecycle.Phase.Leaving;
import io.ringdaemon.lifecycle.Phase.Pending;
import io.ringdaemon.lifecycle.Phase.Waiting;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import io.ringdaemon.token.TokenGenerator;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one instance in one ring: registers it, watches whether it keeps its tokens, sends its
 * heartbeats, brings it back when somebody forgot it although it lives, and takes it out (design.md
 * section 7; the states: {@link Phase}; what it writes: {@link OwnEntry}; how it comes and goes:
 * {@link Joiner}, {@link Departure}).
 *
 * <p><b>Promises</b> a live instance that can write is in the ring; its timestamps only rise;
 * tokens it lost to another are replaced, others kept. <b>Not</b> that it is registered while an
 * older life of its name or id is alive: see {@link #obstacle}.
 *
 * <p><b>Threading:</b> confined to the loop; what any thread may call says so. <b>Time:</b>
 * injected. <b>Bounds:</b> three timers, one write at a time.
 *
 * <p><b>Differs</b> from both dskit lifecyclers (reference/ring-semantics.md section 2):
 * docs/decisions/0006-lifecycle.md.
 */
public final class Lifecycler {
  private static final Duration RETRY = Duration.ofMillis(250);

  private final World world;
  private final LifecyclerConfig config;
  private final KvStore store;
  private final RingWatcher watcher;
  private final OwnEntry own;
  private final RingWriter writer;
  private final Standing standing;
  private final Joiner joiner;
  private final Departure departure;
  private final Readiness readiness;
  private final BiConsumer<String, String> journal;
  private final Heartbeats heartbeats;
  private boolean started;
  private boolean resting;
  private Loop.@Nullable Timer settle;

  /**
   * @param journal told of what happened: a kind of event ({@code conflict}, {@code returned},
   *     {@code joining}, {@code leaving}) and a sentence
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
    this.watcher = watcher;
    this.journal = journal;
    String ring = watcher.ring().name();
    LongAdder failedWrites =
        metrics.counter(
            "ring_daemon_lifecycler_failed_writes_total",
            "Writes to the ring that failed",
            "name",
            ring);
    own = new OwnEntry(world, config, generator);
    standing = new Standing(world, tokenStore);
    writer = new RingWriter(store, key, failedWrites, this::afterWrite);
    Surroundings around =
        new Surroundings(world, config, watcher, liveness, own, writer, standing, journal);
    heartbeats = new Heartbeats(around, metrics);
    joiner = new Joiner(around, heartbeats::start, this::observe);
    departure = new Departure(around, this::stopTimers);
    readiness =
        new Readiness(
            world,
            config.options().readiness(),
            config.instanceId(),
            standing::phase,
            watcher::ring);
    standing.listen(readiness::check);
    metrics.gauge(
        "ring_member_tokens_owned",
        "Tokens this node's instance claims in the ring",
        () -> standing.phase().claimed().size(),
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
    return standing.phase();
  }

  /** Why it isn't registered; empty once it is. Any thread. */
  public Optional<Obstacle> obstacle() {
    return standing.obstacle();
  }

  /** Why its tokens can't be kept on disk, in words; empty: they are. Any thread. */
  public String storageTrouble() {
    return standing.storageTrouble();
  }

  /** Whether it may be told ready. Any thread. */
  public Readiness readiness() {
    return readiness;
  }

  /** Calls {@code listener} on the loop, later, each time the state of {@link #phase} changed. */
  public void listen(Runnable listener) {
    standing.listen(listener);
  }

  /** Calls {@code listener} on the loop after each write, with whether the store took it. */
  public void listenToWrites(Consumer<Boolean> listener) {
    heartbeats.listenToWrites(listener);
  }

  /** Whether leaving removes it from the ring, from now on. Any thread. */
  public void unregisterOnShutdown(boolean unregister) {
    departure.unregister(unregister);
  }

  /** Whether leaving forgets its stored tokens, from now on. Any thread. */
  public void clearTokensOnShutdown(boolean clearTokens) {
    departure.clearTokens(clearTokens);
  }

  /** Begins. Once. */
  public void start() {
    assert world.loop().inside() : "outside the loop";
    standing.hindered(Obstacle.Kind.READING_TOKENS, "reading its tokens");
    var unused =
        standing
            .load()
            .whenComplete(
                (tokens, never) -> {
                  own.remember(tokens);
                  standing.hindered(Obstacle.Kind.LOOKING_FOR_PEERS, "looking for peers");
                  store.firstContact().thenRun(this::begin);
                  world.loop().after(config.aloneAfter(), this::begin);
                });
  }

  private void begin() {
    if (!started && !departure.begun()) {
      started = true;
      watcher.listen(this::onRing);
      joiner.register();
    }
  }

  /** After a write the view may be newer than what was acted upon; a failing store gets a rest. */
  private void afterWrite(boolean succeeded) {
    heartbeats.wrote(succeeded);
    if (succeeded) {
      world.loop().execute(this::look);
    } else if (!resting) {
      resting = true;
      world.loop().after(RETRY, this::rested);
    }
  }

  private void rested() {
    resting = false;
    look();
  }

  private void look() {
    own.written(watcher.desc());
    onRing(watcher.ring());
  }

  private void onRing(Ring ring) {
    readiness.check();
    Phase at = standing.phase();
    if (writer.busy() || !at.inRing() || at instanceof Leaving) {
      return;
    }
    Optional<Instance> entry = ring.instance(config.instanceId());
    if (entry.isEmpty() || !own.isOurs(entry.get().desc())) {
      returnOrYield(at);
      return;
    }
    Tokens owned = entry.get().owned();
    if (owned.size() < at.claimed().size()) {
      if (at instanceof Waiting waiting) {
        standing.become(waiting.conflicted(owned));
      } else {
        replaceLost(at, owned);
        return;
      }
    }
    joiner.tryToJoin();
  }

  private void returnOrYield(Phase at) {
    Optional<String> rival = joiner.rival();
    if (rival.isPresent()) {
      standing.become(new Pending());
      stopTimers();
      journal.accept("conflict", rival.get());
      joiner.register();
      return;
    }
    writer.write(
        current -> own.put(current, at.state(), at.claimed()),
        done ->
            journal.accept(
                "returned", config.instanceId() + " was forgotten but lives: registered anew"),
        failure -> {});
  }

  private void replaceLost(Phase at, Tokens owned) {
    int lost = at.claimed().size() - owned.size();
    writer.write(
        current -> own.put(current, at.state(), own.withMore(current, owned, lost)),
        done ->
            own.in(done)
                .ifPresent(
                    entry -> {
                      journal.accept(
                          "conflict", "%d tokens were lost to others and replaced".formatted(lost));
                      own.remember(entry.tokens());
                      standing.save(entry.tokens());
                      if (standing.phase() instanceof Joining joining) {
                        standing.become(joining.conflicted(entry.tokens(), world.nanoTime()));
                        observe();
                      } else if (standing.phase() instanceof Active active) {
                        standing.become(active.conflicted(entry.tokens()));
                      }
                    }),
        failure -> {});
  }

  private void observe() {
    if (settle != null) {
      settle.cancel();
    }
    settle = world.loop().after(config.observePeriod(), this::settled);
  }

  private void settled() {
    if (!(standing.phase() instanceof Joining joining)) {
      return;
    }
    if (writer.busy()) {
      settle = world.loop().after(RETRY, this::settled);
      return;
    }
    writer.write(
        ring -> own.put(ring, InstanceState.ACTIVE, joining.claimed()),
        ring -> {
          if (standing.phase().equals(joining)) {
            standing.become(joining.settled());
          }
        },
        failure -> observe());
  }

  /**
   * The instance's own health check fails, and why; empty: it passes. Written at once if the
   * instance is in the ring, else when it registers.
   */
  public void failingCheck(String why) {
    assert world.loop().inside() : "outside the loop";
    if (why.equals(own.failingCheck())) {
      return;
    }
    own.failingCheck(why);
    if (standing.phase().inRing()) {
      writer.write(
          ring -> {
            Phase at = standing.phase();
            return at.inRing() ? own.put(ring, at.state(), at.claimed()) : ring;
          },
          ring -> {},
          failure -> {}); // the next heartbeat says it too
    }
  }

  /**
   * Says whether new keys should go elsewhere (only shuffle sharding looks at it). Completes when
   * this node's store holds that, with whether it changed anything; fails with {@link NotInTheRing}
   * before it has registered and after it has left.
   */
  public CompletionStage<Boolean> readOnly(boolean on) {
    assert world.loop().inside() : "outside the loop";
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Phase now = standing.phase();
    if (!now.inRing()) {
      done.completeExceptionally(new NotInTheRing(config.instanceId(), now, standing.obstacle()));
      return done;
    }
    boolean[] changes = new boolean[1];
    writer.write(
        ring -> {
          Phase at = standing.phase();
          changes[0] = at.inRing() && own.readOnlyIn(ring) != on;
          return changes[0] ? own.putReadOnly(ring, at, on) : ring;
        },
        ring -> {
          own.written(ring);
          done.complete(changes[0]);
        },
        done::completeExceptionally);
    return done;
  }

  /** Leaves with nothing left to do. */
  public CompletionStage<Void> leave() {
    return leave(() -> CompletableFuture.completedFuture(null));
  }

  /**
   * Leaves the ring: LEAVING, shown long enough that the peers see it and until {@code work} has
   * ended, with heartbeats all the time; then removed, unless it shall stay. Completes when this
   * node's store holds that. Who asks again gets the same stage; another {@code work} is not done.
   *
   * @param work what must be done while LEAVING: handing data over, flushing it. It is started even
   *     if the ring could not be written, but not for an instance that never registered
   */
  public CompletionStage<Void> leave(Supplier<? extends CompletionStage<?>> work) {
    assert world.loop().inside() : "outside the loop";
    if (departure.begun()) {
      return departure.done();
    }
    Phase at = standing.phase();
    if (at instanceof Pending pending) {
      standing.become(pending.leave());
      departure.beginUnregistered();
      return departure.done();
    }
    cancelTimers();
    Leaving leaving =
        at instanceof Waiting waiting
            ? waiting.leave()
            : at instanceof Joining joining ? joining.leave() : ((Active) at).leave();
    standing.become(leaving);
    departure.begin(leaving, work);
    return departure.done();
  }

  private void cancelTimers() {
    if (settle != null) {
      settle.cancel();
    }
    joiner.stop();
  }

  private void stopTimers() {
    cancelTimers();
    heartbeats.stop();
  }
}
