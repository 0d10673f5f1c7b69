package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc.Origin;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Health;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Elects the healthy ACTIVE instance with the lowest token. Nobody votes: each node decides from
 * its own view who should lead; the one that should claims the seat with a higher epoch.
 *
 * <pre>
 *   WATCHING ──seat empty, I am chosen──▶ CLAIMING ──a suspect holder asked and silent, epoch on disk──▶ LEADING
 *      ▲                                     │                                                  │
 *      └── another claimed, another should lead, my entry is not well, my view can't be trusted ◀┘
 * </pre>
 *
 * <p><b>Promises</b> one leader per connected part of the cluster once views agree; epochs only
 * grow; <b>not</b> one leader at any moment: each side of a partition has one. The epoch tells them
 * apart, and only the guarded resource can refuse the older (design.md section 7).
 *
 * <p><b>Threading:</b> confined to the loop; {@link #leadership} may be read from anywhere, and
 * every reader checks {@code validUntil}. <b>Time:</b> injected. <b>Bounds:</b> one timer, one
 * record, a note per instance.
 *
 * <p><b>Differs</b> from owning key 0: an instance that isn't well is passed over.
 */
public final class Election {
  static final Duration TICK = Duration.ofMillis(250);
  static final Duration VALID = Duration.ofSeconds(1);
  static final Duration PROBE = Duration.ofMillis(400);

  static final Duration FIRST_CLAIM = Duration.ofMillis(500);
  static final Duration ABSTENTION = Duration.ofSeconds(30);
  private static final Duration STORAGE_CHECK = Duration.ofSeconds(10);

  private enum Role {
    WATCHING,
    CLAIMING,
    LEADING
  }

  private final World world;
  private final String instanceId;
  private final Origin origin;
  private final KvStore store;
  private final Key<LeaderRecord> key;
  private final RingWatcher watcher;
  private final EpochKeeper epochs;
  private final Prober prober;
  private final BiConsumer<String, String> journal;
  private final List<Consumer<Leadership>> listeners = new ArrayList<>();
  private final Candidates candidates = new Candidates();
  private final Alertness alertness;
  private Role role = Role.WATCHING;
  private LeaderRecord leaderRecord = LeaderRecord.EMPTY;
  private boolean stopped;
  private long lastStorageCheck;
  private volatile Leadership leadership;

  /**
   * @param origin node and life that claims are made for
   * @param journal told of what happened: {@code claim} or {@code step-down}, and a sentence
   */
  public Election(
      World world,
      String instanceId,
      Origin origin,
      KvStore store,
      Key<LeaderRecord> key,
      RingWatcher watcher,
      EpochStore epochs,
      Prober prober,
      Metrics metrics,
      BiConsumer<String, String> journal) {
    this.world = world;
    this.instanceId = instanceId;
    this.origin = origin;
    this.store = store;
    this.key = key;
    this.watcher = watcher;
    this.epochs = new EpochKeeper(world, epochs);
    this.prober = prober;
    this.journal = journal;
    this.alertness = new Alertness(world.nanoTime(), world.now());
    this.lastStorageCheck = world.nanoTime();
    this.leadership = Leadership.nobody(LowestToken.NAME, instanceId, world.now());
    String ring = watcher.ring().name();
    metrics.gauge(
        "ring_daemon_leader",
        "1 while this node leads the ring",
        () -> leadership.selfLeads(world.nanoTime()) ? 1 : 0,
        "name",
        ring);
    metrics.gauge(
        "ring_daemon_leader_epoch", "Highest epoch seen", () -> leadership.epoch(), "name", ring);
    this.epochs.load().thenRun(this::begin);
  }

  private void begin() {
    abstainInTrouble();
    store.watch(key, this::onRecord);
    if (epochs.remembered() > leaderRecord.epoch()) {
      // After a restart of all, whoever should lead may remember less than somebody else.
      var unused = store.cas(key, held -> held.remembering(epochs.remembered()));
    }
    watcher.listen(view -> evaluate());
    Every.start(world, TICK, 0, this::tick);
  }

  /** Who leads, as known here. Any thread. */
  public Leadership leadership() {
    return leadership;
  }

  /** Calls {@code listener} after each change that a reader would notice. */
  public void listen(Consumer<Leadership> listener) {
    listeners.add(listener);
  }

  /** Gives up the lead for good, if this node has it; completes when the store knows. */
  public CompletionStage<Void> stop() {
    assert world.loop().inside() : "outside the loop";
    stopped = true;
    if (role != Role.LEADING) {
      return CompletableFuture.completedFuture(null);
    }
    return release("this node leaves");
  }

  private void onRecord(LeaderRecord value) {
    leaderRecord = value;
    candidates.heard(value, world.nanoTime());
    epochs.heard(value.epoch());
    evaluate();
  }

  private void tick() {
    int others =
        (int)
            watcher.ring().instances().stream()
                .filter(other -> !other.id().equals(instanceId) && other.health().healthy())
                .count();
    alertness.tick(world.nanoTime(), world.now(), others).ifPresent(this::distrust);
    if (world.nanoTime() - lastStorageCheck > STORAGE_CHECK.toNanos()
        && !epochs.trouble().isEmpty()) {
      lastStorageCheck = world.nanoTime();
      epochs.recheck(leaderRecord.epoch()).thenRun(this::abstainInTrouble);
    }
    evaluate();
  }

  /** Who led, or may have missed much, waits the whole probation; who was only late, a moment. */
  private void distrust(Alertness.Doubt doubt) {
    candidates.bar(
        instanceId,
        role == Role.LEADING || doubt.grave() ? Candidates.PROBATION : VALID,
        world.nanoTime());
    if (role == Role.LEADING) {
      release(doubt.why()); // else the others keep the seat for a holder that doesn't come back
    }
  }

  private void evaluate() {
    Ring ring = watcher.ring();
    Optional<Claim> claim = leaderRecord.claim();
    candidates.noteDeposed(ring, claim, world.nanoTime());
    Optional<Instance> choice = choice(ring);
    boolean chosen = choice.map(Instance::id).equals(Optional.of(instanceId));
    switch (role) {
      case LEADING -> keepLeading(ring, claim, choice);
      case WATCHING -> {
        if (chosen && epochs.loaded() && !stopped) {
          considerClaim(ring, claim);
        }
      }
      case CLAIMING -> {}
    }
    publish(ring);
  }

  private void keepLeading(Ring ring, Optional<Claim> claim, Optional<Instance> choice) {
    boolean mine = claim.filter(this::isMine).filter(held -> !held.released()).isPresent();
    if (!mine) {
      stepDown("another claimed with epoch " + leaderRecord.epoch());
    } else if (claim.orElseThrow().epoch() < leaderRecord.floor()) {
      release("a higher epoch was in use before, " + leaderRecord.floor());
    } else if (ring.instance(instanceId)
        .filter(own -> own.state() == InstanceState.ACTIVE)
        .isEmpty()) {
      release("its instance is no longer ACTIVE");
    } else if (choice.isPresent() && !choice.get().id().equals(instanceId)) {
      release(choice.get().id() + " should lead now");
    }
  }

  private Optional<Instance> choice(Ring ring) {
    return LowestToken.choose(candidates.of(ring, leaderRecord, world.nanoTime()));
  }

  private void considerClaim(Ring ring, Optional<Claim> claim) {
    Optional<Instance> holder =
        claim
            .filter(held -> !held.released() && !held.instanceId().equals(instanceId))
            .flatMap(
                held -> ring.instance(held.instanceId()).filter(instance -> sits(instance, held)));
    if (holder.isEmpty()) {
      if (claim.isPresent() || settledIn(ring)) {
        claim("the seat was empty");
      }
      return;
    }
    if (holder.get().health().reason().equals(Optional.of(Health.Reason.SUSPECTED))) {
      role = Role.CLAIMING;
      Origin node = holder.get().desc().origin();
      prober
          .probe(node.node(), node.life(), PROBE)
          .thenAccept(
              answered -> {
                role = Role.WATCHING;
                if (!answered && stillChosen()) {
                  claim(holder.get().id() + " did not answer");
                }
              });
    }
  }

  /**
   * Where nobody ever led, all have just started: a moment later the views agree on who should, and
   * not each in turn claims.
   */
  private boolean settledIn(Ring ring) {
    return ring.instance(instanceId)
        .filter(own -> own.stateSince().plus(FIRST_CLAIM).isBefore(world.now()))
        .isPresent();
  }

  /**
   * Whether a claim's holder is still there to lead: the same life, ACTIVE, not known to be ill.
   */
  private static boolean sits(Instance instance, Claim claim) {
    return instance.state() == InstanceState.ACTIVE
        && instance.health().healthy()
        && instance.desc().origin().life() == claim.life();
  }

  private boolean stillChosen() {
    return !stopped && choice(watcher.ring()).map(Instance::id).equals(Optional.of(instanceId));
  }

  private void claim(String why) {
    role = Role.CLAIMING;
    long epoch = epochs.next(leaderRecord.epoch());
    epochs
        .keep(epoch)
        .whenComplete(
            (kept, failure) -> {
              if (failure == null) {
                writeClaim(epoch, why);
              } else {
                role = Role.WATCHING;
                journal.accept("step-down", "does not stand for the lead: " + epochs.trouble());
                abstain();
              }
            });
  }

  private void writeClaim(long epoch, String why) {
    String addr = watcher.ring().instance(instanceId).map(own -> own.desc().addr()).orElse("");
    Claim claim =
        new Claim(
            epoch,
            instanceId,
            addr,
            origin.node(),
            origin.life(),
            world.now().toEpochMilli(),
            false);
    if (leaderRecord.epoch() >= epoch || !stillChosen()) {
      role = Role.WATCHING; // somebody was faster; look again
      return;
    }
    store
        .cas(key, held -> held.epoch() < epoch ? held.claimed(claim) : held)
        .whenComplete(
            (held, failure) -> {
              boolean won = failure == null && held.claim().equals(Optional.of(claim)) && !stopped;
              role = won ? Role.LEADING : Role.WATCHING;
              if (won) {
                journal.accept("claim", "claims the lead with epoch %d: %s".formatted(epoch, why));
              }
              evaluate();
            });
  }

  private void stepDown(String why) {
    role = Role.WATCHING;
    journal.accept("step-down", "steps down: " + why);
    publish(watcher.ring());
  }

  /** Steps down first, then tells the others that the seat is empty. */
  private CompletionStage<Void> release(String why) {
    stepDown(why);
    return store
        .cas(
            key,
            held ->
                held.claim()
                    .filter(this::isMine)
                    .map(mine -> held.claimed(mine.release()))
                    .orElse(held))
        .thenApply(done -> null);
  }

  private boolean isMine(Claim claim) {
    return claim.instanceId().equals(instanceId) && claim.life() == origin.life();
  }

  private void abstain() {
    Instant now = world.now();
    Abstention abstention =
        new Abstention(now.toEpochMilli(), now.plus(ABSTENTION).toEpochMilli(), 0);
    var unused = store.cas(key, held -> held.abstaining(instanceId, abstention));
  }

  private void abstainInTrouble() {
    if (!epochs.trouble().isEmpty()) {
      abstain();
    }
  }

  private void publish(Ring ring) {
    Leadership before = leadership;
    Optional<Leadership.Leader> leader =
        leaderRecord
            .claim()
            .filter(claim -> !claim.released())
            .filter(
                claim ->
                    isMine(claim) ? role == Role.LEADING : !claim.instanceId().equals(instanceId))
            .filter(
                claim ->
                    ring.instance(claim.instanceId())
                        .filter(holder -> sits(holder, claim) && holder.health().well())
                        .isPresent())
            .map(claim -> new Leadership.Leader(claim.instanceId(), claim.addr(), claim.epoch()));
    Instant since =
        leader.equals(before.leader())
            ? before.since()
            : leader.isPresent()
                ? leaderRecord
                    .claim()
                    .map(claim -> Instant.ofEpochMilli(claim.since()))
                    .orElse(world.now())
                : world.now();
    boolean leading =
        role == Role.LEADING
            && leader.filter(someone -> someone.instanceId().equals(instanceId)).isPresent();
    leadership =
        new Leadership(
            leader,
            leaderRecord.epoch(),
            since,
            LowestToken.NAME,
            "advisory",
            ring.lowestTokenOwner().map(Instance::id),
            instanceId,
            leading ? alertness.lastTick() + VALID.toNanos() : world.nanoTime(),
            obstacle());
    if (!leader.equals(before.leader()) || leadership.epoch() != before.epoch()) {
      List.copyOf(listeners).forEach(listener -> listener.accept(leadership));
    }
  }

  private String obstacle() {
    if (!epochs.trouble().isEmpty()) {
      return epochs.trouble();
    }
    return candidates.barred(instanceId, world.nanoTime())
        ? "stepped down or stood still lately, so it waits a while"
        : "";
  }
}
