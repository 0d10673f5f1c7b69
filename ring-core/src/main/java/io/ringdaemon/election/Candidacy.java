package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.ring.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One node's stand in the election of a ring. Nobody votes: each node decides from its own view who
 * should lead ({@link Policy}); the one that should claims the seat with a higher epoch. Pure:
 * takes what happened and what is seen now, returns what should be done.
 *
 * <pre>
 *              chosen, seat empty                  lock held,           epoch          the record
 *            ┌─────────────────────────▶ LOCKING ──or none──▶ RECORDING ─on disk▶ CLAIMING ─is mine▶ LEADING
 *   WATCHING ┤                              ▲
 *    ▲  ▲    └─chosen, holder suspect▶ ASKING ─silent─┘
 *    │  └── it answered, another is chosen, disk or store refused ── any of these                    │
 *    └── first says so, then releases: another claimed or should lead, its entry isn't ACTIVE and ◀──┘
 *        well, its view can't be trusted, its heartbeat is refused, the lock is lost, told to resign
 * </pre>
 *
 * <p><b>Promises</b> one leader per connected part of the cluster once views agree; epochs only
 * grow; <b>not</b> one leader at any moment: each side of a partition has one (unless {@code
 * min_visible} forbids the smaller one). The epoch tells them apart, and only the guarded resource
 * can refuse the older (design.md section 7).
 *
 * <p><b>Threading:</b> confined to the loop. <b>Time:</b> in {@link Sight}. <b>Bounds:</b> a note
 * per instance.
 */
final class Candidacy {
  static final Duration PROBE = Duration.ofMillis(400);
  static final Duration FIRST_CLAIM = Duration.ofMillis(500);
  static final Duration RESIGNATION = Duration.ofSeconds(30);

  /** A short rest, for who was late without leading or found the lock out of order. */
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private static final Stand WATCHING = new Stand.Watching();

  private final Election.Config rules;
  private final boolean locked;
  private final Candidates candidates = new Candidates();
  private final Vacancy vacancy = new Vacancy();
  private final Fitness fitness;
  private final Choice choice;
  private final LockWatch lockWatch;
  private final Alertness alertness;
  private Stand stand = WATCHING;
  private long steps;
  private boolean loaded;
  private boolean stopped;
  private boolean lockAsked;

  /** {@code locked}: a {@link LeaderLock} must be held to lead. */
  Candidacy(Election.Config rules, boolean locked, Sight now) {
    this.rules = rules;
    this.locked = locked;
    this.fitness = new Fitness(rules.instanceId(), rules.minVisible());
    this.choice = new Choice(rules, candidates, fitness);
    this.lockWatch = new LockWatch(choice);
    this.alertness = new Alertness(now.nanoTime(), now.wall());
  }

  /** The claim under which this node leads, as far as it knows. */
  Optional<Claim> leading() {
    return stand instanceof Stand.Leading leading ? Optional.of(leading.claim()) : Optional.empty();
  }

  /** Whether it leads after a leader that had let go, or as the first. */
  boolean handedOver() {
    return stand instanceof Stand.Leading leading && leading.handedOver();
  }

  /** When it last made sure that its view can be trusted, in elapsed time ({@link Alertness}). */
  long lastTick() {
    return alertness.lastTick();
  }

  boolean isMine(Claim claim) {
    return claim.instanceId().equals(rules.instanceId()) && claim.life() == rules.origin().life();
  }

  /** Why this node can't lead now. */
  Optional<Obstacle> obstacle(Sight sight) {
    Optional<Obstacle> own = choice.unfit(sight);
    if (own.isPresent() || stand instanceof Stand.Leading) {
      return own;
    }
    if (stand instanceof Stand.Locking) {
      return Optional.of(new Obstacle(Obstacle.Kind.LOCK_ELSEWHERE, "waits for the store's lock"));
    }
    return !rules.takeOverDelay().isZero()
            && sight.held().filter(held -> !isMine(held)).isPresent()
            && !vacancy.over(rules.takeOverDelay(), sight)
            && chosen(sight)
        ? Optional.of(
            new Obstacle(
                Obstacle.Kind.TAKE_OVER_DELAY,
                "waits take_over_delay, %d s, after the last sign of the old leader"
                    .formatted(rules.takeOverDelay().toSeconds())))
        : Optional.empty();
  }

  private boolean chosen(Sight sight) {
    return loaded && !stopped && choice.isSelf(sight);
  }

  /** What this node had seen before it stopped last is known: from now on it may claim. */
  List<Directive> onLoaded(Sight sight) {
    loaded = true;
    return look(sight);
  }

  /** The record changed. */
  List<Directive> onRecord(Sight sight) {
    candidates.heard(sight.heard(), sight.nanoTime());
    return look(sight);
  }

  /** A leader steps down in this node's favour: it doesn't count, whatever the view still says. */
  List<Directive> onHandOver(String from, Sight sight) {
    candidates.bar(from, Candidates.PROBATION, sight.nanoTime());
    return look(sight);
  }

  /** Time passes; to be called four times a second. */
  List<Directive> onTick(Sight sight) {
    List<Directive> todo = new ArrayList<>();
    alertness
        .tick(sight.nanoTime(), sight.wall(), sight.others(rules.instanceId()))
        .ifPresent(doubt -> distrust(doubt, sight, todo));
    todo.addAll(look(sight));
    if (locked && loaded && !stopped && stand instanceof Stand.Watching) {
      lockWatch.question(sight).map(Directive.AskLock::new).ifPresent(todo::add);
    }
    fitness.tell(sight, !stopped && choice.isSelfIfFit(sight), candidates, todo);
    return todo;
  }

  /** Who led, or may have missed much, waits the whole probation; who was only late, a moment. */
  private void distrust(Alertness.Doubt doubt, Sight sight, List<Directive> todo) {
    boolean led = stand instanceof Stand.Leading;
    candidates.bar(
        rules.instanceId(), led || doubt.grave() ? Candidates.PROBATION : MOMENT, sight.nanoTime());
    if (led) {
      release(doubt.why(), sight, Abstention.from(sight.wall(), Candidates.PROBATION, 0), todo);
    }
  }

  /** The store took this node's heartbeat, or didn't. */
  List<Directive> onHeartbeat(boolean taken, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    fitness.heartbeat(taken);
    if (!taken && stand instanceof Stand.Leading) {
      candidates.bar(rules.instanceId(), Candidates.PROBATION, sight.nanoTime());
      release(
          "the store refused its heartbeat",
          sight,
          Abstention.from(sight.wall(), RESIGNATION, 0),
          todo);
    }
    return todo;
  }

  /** The view, the record or time is another. */
  List<Directive> look(Sight sight) {
    List<Directive> todo = new ArrayList<>();
    vacancy.note(sight);
    candidates.noteDeposed(sight.ring(), sight.heard().claim(), sight.nanoTime());
    if (stand instanceof Stand.Leading leading) {
      choice.reasonToStop(leading.claim(), sight).ifPresent(why -> release(why, sight, null, todo));
    } else if (stand instanceof Stand.Watching) {
      if (chosen(sight)) {
        consider(sight, todo);
      }
    } else if ((stand instanceof Stand.Asking || stand instanceof Stand.Locking)
        && !chosen(sight)) {
      rest(todo);
    }
    return todo;
  }

  private void consider(Sight sight, List<Directive> todo) {
    Optional<Claim> before = sight.heard().claim();
    Optional<Claim> held =
        sight.held().filter(claim -> !claim.instanceId().equals(rules.instanceId()));
    if (held.isEmpty()) {
      if (before.isPresent() || settledIn(sight)) {
        begin(
            new Stand.Motive("the seat was empty", before.isEmpty() || sight.held().isEmpty()),
            todo);
      }
      return;
    }
    Optional<Instance> holder = sight.sitting(held.get());
    boolean lockless = vacancy.isLockless(held.get());
    if ((holder.isPresent() && !Sight.suspected(holder.get()) && !lockless)
        || !vacancy.over(rules.takeOverDelay(), sight)) {
      return;
    }
    if (lockless) {
      begin(new Stand.Motive(held.get().instanceId() + " lost the store's lock", false), todo);
    } else if (holder.isPresent()) {
      stand = new Stand.Asking(++steps, holder.get().id());
      todo.add(new Directive.Probe(steps, holder.get().desc().origin()));
    } else {
      begin(
          new Stand.Motive(held.get().instanceId() + " is gone", sight.leaving(held.get())), todo);
    }
  }

  /**
   * Where nobody ever led, all have just started: a moment later the views agree on who should, and
   * not each in turn claims.
   */
  private boolean settledIn(Sight sight) {
    return sight
        .ring()
        .instance(rules.instanceId())
        .filter(own -> own.stateSince().plus(FIRST_CLAIM).isBefore(sight.wall()))
        .isPresent();
  }

  private void begin(Stand.Motive motive, List<Directive> todo) {
    if (locked) {
      stand = new Stand.Locking(++steps, motive);
      lockAsked = true;
      todo.add(new Directive.Lock(steps));
    } else {
      stand = new Stand.Recording(++steps, motive);
      todo.add(new Directive.KeepEpoch(steps));
    }
  }

  List<Directive> onProbed(long step, boolean answered, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (stand instanceof Stand.Asking asking && asking.step() == step) {
      stand = WATCHING;
      if (!answered && chosen(sight)) {
        begin(new Stand.Motive(asking.holder() + " did not answer", false), todo);
      }
    }
    return todo;
  }

  List<Directive> onLocked(long step, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (stand instanceof Stand.Locking locking && locking.step() == step) {
      if (chosen(sight)) {
        stand = new Stand.Recording(step, locking.motive());
        todo.add(new Directive.KeepEpoch(step));
      } else {
        rest(todo);
      }
    }
    return todo;
  }

  /**
   * What the store says of the lock, asked because of {@code held}. Who leads holds it from before
   * its claim until after its release: if nobody does, that claim is void, however well its holder
   * looks from here, and it is passed over until it is heard from again.
   */
  List<Directive> onLockSeen(Claim held, boolean vacant, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (vacant && sight.held().equals(Optional.of(held))) {
      sight.ring().instance(held.instanceId()).ifPresent(candidates::passOver);
      vacancy.lockless(held);
      todo.addAll(look(sight));
    }
    return todo;
  }

  List<Directive> onLockLost(Sight sight) {
    List<Directive> todo = new ArrayList<>();
    lockAsked = false;
    if (stand instanceof Stand.Leading) {
      candidates.bar(rules.instanceId(), Candidates.PROBATION, sight.nanoTime());
      release("the store's lock was lost", sight, null, todo);
    } else {
      rest(todo);
    }
    return todo;
  }

  List<Directive> onRecorded(long step, long epoch, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (stand instanceof Stand.Recording recording && recording.step() == step) {
      if (sight.heard().epoch() >= epoch || !chosen(sight)) {
        rest(todo); // somebody was faster; look again
      } else {
        Claim claim =
            new Claim(
                epoch,
                rules.instanceId(),
                sight.ring().instance(rules.instanceId()).map(one -> one.desc().addr()).orElse(""),
                rules.origin().node(),
                rules.origin().life(),
                sight.wall().toEpochMilli(),
                false);
        stand = new Stand.Claiming(step, claim, recording.motive());
        todo.add(new Directive.Stake(step, claim));
      }
    }
    return todo;
  }

  List<Directive> onClaimed(long step, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (stand instanceof Stand.Claiming claiming && claiming.step() == step) {
      boolean won = sight.heard().claim().equals(Optional.of(claiming.claim()));
      if (won) {
        stand = new Stand.Leading(claiming.claim(), claiming.motive().handedOver());
        todo.add(
            new Directive.Note(
                "claim",
                "claims the lead with epoch %d: %s"
                    .formatted(claiming.claim().epoch(), claiming.motive().why())));
        if (stopped) {
          release("this node leaves", sight, null, todo);
        }
      } else {
        rest(todo);
      }
      todo.addAll(look(sight));
    }
    return todo;
  }

  /** A step was refused, by the lock, the disk or the store; {@code why} is worth telling. */
  List<Directive> onFailed(long step, Optional<String> why, Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (stand.step() == step) {
      candidates.bar(rules.instanceId(), MOMENT, sight.nanoTime());
      why.ifPresent(
          text ->
              todo.add(new Directive.Note("step-down", "does not stand for the lead: " + text)));
      rest(todo);
    }
    return todo;
  }

  /** Gives up the lead if this node has it, and abstains. */
  List<Directive> resign(Sight sight) {
    List<Directive> todo = new ArrayList<>();
    if (stand instanceof Stand.Leading leading) {
      release(
          "asked to resign",
          sight,
          Abstention.from(sight.wall(), RESIGNATION, leading.claim().epoch()),
          todo);
    }
    return todo;
  }

  /** Gives up the lead for good, if this node has it. */
  List<Directive> stop(Sight sight) {
    List<Directive> todo = new ArrayList<>();
    stopped = true;
    if (stand instanceof Stand.Leading) {
      release("this node leaves", sight, null, todo);
    } else if (!(stand instanceof Stand.Claiming)) { // that one is answered first
      rest(todo);
    }
    return todo;
  }

  private void release(String why, Sight sight, @Nullable Abstention with, List<Directive> todo) {
    Claim claim = leading().orElseThrow();
    todo.add(new Directive.Note("step-down", "steps down: " + why));
    if (sight.held().filter(this::isMine).isPresent()) {
      todo.add(new Directive.Release(claim.release(), with, choice.withoutSelf(sight)));
    }
    rest(todo);
  }

  private void rest(List<Directive> todo) {
    stand = WATCHING;
    if (lockAsked) {
      lockAsked = false;
      todo.add(new Directive.Unlock());
    }
  }
}
