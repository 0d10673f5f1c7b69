package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.kv.Courier;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who leads a ring, and this node's part in it: feeds a {@link Candidacy} with what happens and
 * carries out what it decides. Usable without the daemon (docs/examples/Elect.java).
 *
 * <p><b>Stepping down comes first</b>: that this node no longer leads is published before anything
 * is written or sent. Who follows is told directly, and by gossip.
 *
 * <p><b>Threading:</b> confined to the loop; {@link #leadership}, {@link #leader} and {@link
 * #leads} may be called from anywhere. <b>Time:</b> injected. <b>Bounds:</b> one timer, one record.
 */
public final class Election {
  static final Duration TICK = Duration.ofMillis(250);
  static final Duration VALID = Duration.ofSeconds(1);
  private static final Duration STORAGE_CHECK = Duration.ofSeconds(10);

  /**
   * How this node stands for the lead.
   *
   * @param instanceId its instance in the ring
   * @param origin node and life that claims are made for
   * @param takeOverDelay how long after a leader fell silent another may claim; not waited for when
   *     it left by itself
   * @param minVisible fewest instances, its own among them, that this node must see to lead; 0: any
   */
  public record Config(
      String instanceId, Origin origin, Policy policy, Duration takeOverDelay, int minVisible) {
    public Config {
      if (takeOverDelay.isNegative() || minVisible < 0) {
        throw new IllegalArgumentException(
            "take_over_delay and min_visible must not be negative, are %s and %d"
                .formatted(takeOverDelay, minVisible));
      }
    }
  }

  /**
   * What an election leans on.
   *
   * @param key of the leader record, of a value of its own beside the ring's
   * @param courier null: nobody can be told directly
   * @param lock null: leading is advisory
   * @param journal told of what happened: {@code claim} or {@code step-down}, and a sentence
   */
  public record Surroundings(
      World world,
      KvStore store,
      Key<LeaderRecord> key,
      RingWatcher watcher,
      EpochStore epochs,
      Prober prober,
      @Nullable Courier courier,
      @Nullable LeaderLock lock,
      Metrics metrics,
      BiConsumer<String, String> journal) {}

  private final World world;
  private final Config config;
  private final KvStore store;
  private final Key<LeaderRecord> key;
  private final RingWatcher watcher;
  private final EpochKeeper epochs;
  private final Prober prober;
  private final @Nullable Courier courier;
  private final @Nullable LeaderLock lock;
  private final BiConsumer<String, String> journal;
  private final Leadership.Rules rules;
  private final String topic;
  private final Candidacy candidacy;
  private final List<Consumer<Leadership>> listeners = new ArrayList<>();
  private LeaderRecord leaderRecord = LeaderRecord.EMPTY;
  private CompletionStage<Void> released = CompletableFuture.completedFuture(null);
  private long lastStorageCheck;
  private volatile Leadership leadership;

  public Election(Config config, Surroundings around) {
    this.world = around.world();
    this.config = config;
    this.store = around.store();
    this.key = around.key();
    this.watcher = around.watcher();
    this.epochs = new EpochKeeper(world, around.epochs());
    this.prober = around.prober();
    this.courier = around.courier();
    this.lock = around.lock();
    this.journal = around.journal();
    this.rules = new Leadership.Rules(config.policy().word(), lock == null ? "advisory" : "strong");
    this.topic = // keys may be longer than topics
        "lead/" + UUID.nameUUIDFromBytes(key.name().getBytes(StandardCharsets.UTF_8));
    this.candidacy = new Candidacy(config, lock != null, sight());
    this.lastStorageCheck = world.nanoTime();
    this.leadership = Leadership.nobody(rules, config.instanceId(), world.now());
    register(around.metrics());
    epochs.load().thenRun(this::begin);
  }

  private void register(Metrics metrics) {
    String ring = watcher.ring().name();
    metrics.gauge(
        "ring_daemon_leader",
        "1 while this node leads the ring",
        () -> leads() ? 1 : 0,
        "name",
        ring);
    metrics.gauge(
        "ring_daemon_leader_epoch", "Highest epoch seen", () -> leadership.epoch(), "name", ring);
  }

  private void begin() {
    store.watch(key, this::onRecord);
    if (courier != null) {
      courier.receive(topic, this::onHandOver);
    }
    remember();
    watcher.listen(view -> act(candidacy.look(sight())));
    Every.start(world, TICK, 0, this::tick);
    if (epochs.loaded()) {
      act(candidacy.onLoaded(sight()));
    }
  }

  /** After a restart of all, whoever should lead may remember less than somebody else. */
  private void remember() {
    if (epochs.remembered() > leaderRecord.epoch()) {
      var unused = store.cas(key, held -> held.remembering(epochs.remembered()));
    }
  }

  /** Who leads, as known here; says nothing without a time. Any thread. */
  public Leadership leadership() {
    return leadership;
  }

  /** Who leads now. Any thread. */
  public Optional<Leadership.Leader> leader() {
    return leadership.leaderAt(world.nanoTime());
  }

  /** Whether this node leads now. Any thread. */
  public boolean leads() {
    return leadership.selfLeads(world.nanoTime());
  }

  /** Calls {@code listener} on the loop after each change of leader or epoch. */
  public void listen(Consumer<Leadership> listener) {
    assert world.loop().inside() : "outside the loop";
    listeners.add(listener);
  }

  /**
   * Asks whoever leads under {@code epoch} to step down: at once if that is this node, else by an
   * abstention that it will see. It leads again once another has led, after 5 s at the earliest, or
   * after 30 s. Completes with the record that then holds; without effect if that leadership has
   * ended.
   */
  public CompletionStage<LeaderRecord> resign(String leaderId, long epoch) {
    assert world.loop().inside() : "outside the loop";
    if (candidacy.leading().filter(claim -> claim.epoch() == epoch).isPresent()) {
      act(candidacy.resign(sight()));
      return released.thenApply(done -> store.get(key));
    }
    Abstention abstention = Abstention.from(world.now(), Candidacy.RESIGNATION, epoch);
    return store.cas(
        key,
        held ->
            held.claim()
                .filter(claim -> !claim.released() && claim.epoch() == epoch)
                .filter(claim -> claim.instanceId().equals(leaderId))
                .map(claim -> held.abstaining(leaderId, abstention))
                .orElse(held));
  }

  /** Steps down, if this node leads; completes when the store knows. */
  public CompletionStage<LeaderRecord> resign() {
    return resign(config.instanceId(), leaderRecord.epoch());
  }

  /** Takes over what another node knows of the record. */
  public CompletionStage<LeaderRecord> learn(LeaderRecord told) {
    return store.cas(key, held -> held.merge(told).value());
  }

  /** Whether the store took this node's last heartbeat. */
  public void heartbeat(boolean taken) {
    act(candidacy.onHeartbeat(taken, sight()));
  }

  /** Gives up the lead for good, if this node has it; completes when the store knows. */
  public CompletionStage<Void> stop() {
    assert world.loop().inside() : "outside the loop";
    act(candidacy.stop(sight()));
    return released;
  }

  private Sight sight() {
    return new Sight(watcher.ring(), leaderRecord, epochs.trouble(), world.nanoTime(), world.now());
  }

  private void onRecord(LeaderRecord value) {
    leaderRecord = value;
    epochs.heard(value.epoch());
    act(candidacy.onRecord(sight()));
  }

  private void onHandOver(String node, long life, byte[] message) {
    LeaderRecord told;
    try {
      told = LeaderRecordCodec.INSTANCE.decode(message);
    } catch (MalformedValueException refused) {
      journal.accept("step-down", "dropped a hand-over of " + node + ": " + refused.getMessage());
      return;
    }
    Optional<Claim> from =
        told.claim()
            .filter(claim -> claim.released() && claim.node().equals(node) && claim.life() == life);
    if (from.isPresent()) {
      var unused = learn(told);
      act(candidacy.onHandOver(from.get().instanceId(), sight()));
    }
  }

  private void tick() {
    if (world.nanoTime() - lastStorageCheck > STORAGE_CHECK.toNanos()
        && epochs.trouble().isPresent()) {
      lastStorageCheck = world.nanoTime();
      epochs.recheck(leaderRecord.epoch()).thenRun(this::rechecked);
    }
    act(candidacy.onTick(sight()));
  }

  private void rechecked() {
    if (epochs.loaded()) {
      remember();
      act(candidacy.onLoaded(sight()));
    }
  }

  private void act(List<Directive> todo) {
    assert world.loop().inside() : "outside the loop";
    publish();
    todo.forEach(this::carryOut);
  }

  private void carryOut(Directive directive) {
    if (directive instanceof Directive.Note note) {
      journal.accept(note.kind(), note.text());
    } else if (directive instanceof Directive.Probe probe) {
      prober
          .probe(probe.node().node(), probe.node().life(), Candidacy.PROBE)
          .thenAccept(answered -> act(candidacy.onProbed(probe.step(), answered, sight())));
    } else if (directive instanceof Directive.KeepEpoch step) {
      record(step.step());
    } else if (directive instanceof Directive.Stake stake) {
      stake(stake.step(), stake.claim());
    } else if (directive instanceof Directive.Release release) {
      release(release);
    } else if (directive instanceof Directive.Abstain abstain) {
      var unused =
          store.cas(key, held -> held.abstaining(config.instanceId(), abstain.abstention()));
    } else if (directive instanceof Directive.Lock step) {
      acquire(step.step());
    } else if (directive instanceof Directive.AskLock ask && lock != null) {
      lock.vacant().thenAccept(vacant -> act(candidacy.onLockSeen(ask.held(), vacant, sight())));
    } else if (directive instanceof Directive.Unlock && lock != null) {
      released.whenComplete((done, failure) -> lock.release());
    }
  }

  private void acquire(long step) {
    if (lock != null) {
      var unused =
          lock.acquire(() -> act(candidacy.onLockLost(sight())))
              .whenComplete(
                  (held, failure) ->
                      act(
                          failure == null
                              ? candidacy.onLocked(step, sight())
                              : candidacy.onFailed(step, Optional.empty(), sight())));
    }
  }

  private void record(long step) {
    long epoch = epochs.next(leaderRecord.epoch());
    var unused =
        epochs
            .keep(epoch)
            .whenComplete(
                (kept, failure) ->
                    act(
                        failure == null
                            ? candidacy.onRecorded(step, epoch, sight())
                            : candidacy.onFailed(
                                step, epochs.trouble().map(Obstacle::text), sight())));
  }

  private void stake(long step, Claim claim) {
    var unused =
        store
            .cas(key, held -> held.epoch() < claim.epoch() ? held.claimed(claim) : held)
            .whenComplete(
                (held, failure) -> {
                  if (failure == null) {
                    leaderRecord = held;
                    act(candidacy.onClaimed(step, sight()));
                  } else {
                    act(candidacy.onFailed(step, Optional.empty(), sight()));
                  }
                });
  }

  /** The successor is told first: it need not wait for our store. */
  private void release(Directive.Release release) {
    LeaderRecord let = LeaderRecord.EMPTY.claimed(release.claim());
    release.successor().ifPresent(next -> tell(next, let));
    Abstention with = release.with();
    released =
        store
            .cas(
                key,
                held -> {
                  LeaderRecord left =
                      held.claim().filter(candidacy::isMine).isPresent()
                          ? held.merge(let).value()
                          : held;
                  return with == null ? left : left.abstaining(config.instanceId(), with);
                })
            .handle((done, failure) -> null);
  }

  private void tell(Instance successor, LeaderRecord let) {
    Origin to = successor.desc().origin();
    if (courier != null && to.known()) {
      courier.send(to.node(), to.life(), topic, LeaderRecordCodec.INSTANCE.encode(let));
    }
  }

  private void publish() {
    Sight sight = sight();
    Ring ring = sight.ring();
    Leadership before = leadership;
    Optional<Claim> claim =
        sight
            .held()
            .filter(
                held ->
                    candidacy.isMine(held)
                        ? candidacy.leading().equals(Optional.of(held))
                        : !held.instanceId().equals(config.instanceId()))
            .filter(sight::leads);
    boolean leading = claim.filter(candidacy::isMine).isPresent();
    Leadership now =
        new Leadership(
            claim.map(held -> new Leadership.Leader(held.instanceId(), held.addr(), held.epoch())),
            leaderRecord.epoch(),
            claim.map(held -> Instant.ofEpochMilli(held.since())).orElse(world.now()),
            rules,
            ring.lowestTokenOwner().map(Instance::id),
            config.instanceId(),
            leading ? validUntil() : world.nanoTime(),
            candidacy.handedOver(),
            candidacy.obstacle(sight));
    leadership = claim.isEmpty() ? now.nobodySince(before) : now;
    if (!now.sameLeader(before)) {
      List.copyOf(listeners).forEach(listener -> listener.accept(leadership));
    }
  }

  private long validUntil() {
    long confirmed = candidacy.lastTick() + VALID.toNanos();
    return lock == null || lock.heldUntil() - confirmed > 0 ? confirmed : lock.heldUntil();
  }
}
