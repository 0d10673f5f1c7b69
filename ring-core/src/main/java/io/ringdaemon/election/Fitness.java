package io.ringdaemon.election;

import io.ringdaemon.election.LeaderRecord.Abstention;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether this node may lead, apart from whether it is chosen. What its peers can't see of itself
 * it tells them: while its disk or store refuses it or it sees too few, it abstains, for they would
 * go on choosing it. Pure, confined to the loop.
 */
final class Fitness {
  private static final Duration SAY_AGAIN = Duration.ofSeconds(10);
  private static final Duration TAKE_BACK_AGAIN = Duration.ofSeconds(1);

  private final String selfId;
  private final int minVisible;
  private boolean heartbeatRefused;
  private boolean abstains;
  private long saidAt;

  Fitness(String selfId, int minVisible) {
    this.selfId = selfId;
    this.minVisible = minVisible;
  }

  void heartbeat(boolean taken) {
    heartbeatRefused = !taken;
  }

  /** Why it may not lead. */
  Optional<Obstacle> unfit(Sight sight, Candidates candidates) {
    Optional<Obstacle> hidden = hidden(sight);
    if (hidden.isPresent()) {
      return hidden;
    }
    Optional<Abstention> said = candidates.abstention(selfId, sight.heard(), sight.nanoTime());
    if (said.filter(one -> one.epoch() > 0).isPresent()) {
      return obstacle(
          Obstacle.Kind.RESIGNED, "was asked to resign; waits for another to lead, at most 30 s");
    }
    return said.isPresent() || candidates.barred(selfId, sight.nanoTime())
        ? obstacle(
            Obstacle.Kind.ON_PROBATION, "stepped down or stood still lately, so it waits a while")
        : Optional.empty();
  }

  /** What only this node knows of itself. */
  private Optional<Obstacle> hidden(Sight sight) {
    if (sight.disk().isPresent()) {
      return sight.disk();
    }
    if (heartbeatRefused) {
      return obstacle(Obstacle.Kind.HEARTBEAT_REFUSED, "the store did not take its last heartbeat");
    }
    return minVisible > 0 && sight.visible() < minVisible
        ? obstacle(
            Obstacle.Kind.TOO_FEW_VISIBLE,
            "sees %d instances, min_visible is %d".formatted(sight.visible(), minVisible))
        : Optional.empty();
  }

  private static Optional<Obstacle> obstacle(Obstacle.Kind kind, String text) {
    return Optional.of(new Obstacle(kind, text));
  }

  /**
   * Says what peers can't see, again and again, and takes it back once it is over: also what was
   * said when it stepped down, and again where the store lost that.
   */
  void tell(Sight sight, boolean wouldBeChosen, Candidates candidates, List<Directive> todo) {
    long silent = sight.nanoTime() - saidAt;
    if (hidden(sight).isPresent()) {
      if (abstains ? silent > SAY_AGAIN.toNanos() : wouldBeChosen) {
        abstains = true;
        say(Candidacy.RESIGNATION, sight, todo);
      }
      return;
    }
    abstains = false;
    boolean said =
        candidates
            .abstention(selfId, sight.heard(), sight.nanoTime())
            .filter(one -> one.epoch() == 0)
            .isPresent();
    if (said
        && silent > TAKE_BACK_AGAIN.toNanos()
        && !candidates.barred(selfId, sight.nanoTime())) {
      say(Duration.ZERO, sight, todo);
    }
  }

  private void say(Duration lasts, Sight sight, List<Directive> todo) {
    saidAt = sight.nanoTime();
    todo.add(new Directive.Abstain(Abstention.from(sight.wall(), lasts, 0)));
  }
}
