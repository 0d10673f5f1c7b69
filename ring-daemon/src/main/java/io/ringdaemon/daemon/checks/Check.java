package io.ringdaemon.daemon.checks;

import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Asks the application again and again whether it is well.
 *
 * <pre>
 *   FAILING (at first: not checked yet) ──so many successes in a row──▶ PASSING
 *      ▲                                                                   │
 *      └──────────────── so many failures in a row ────────────────────────┘
 * </pre>
 *
 * <p>An answer that takes longer than the timeout is a failure when the timeout is over, whatever
 * comes of it. The next question comes an interval (give or take a tenth) after the end of the one
 * before, so questions never overlap; while one can't be given up each interval is a failure.
 *
 * <p><b>Threading:</b> confined to the loop; {@link #failing} may be read from anywhere.
 * <b>Time:</b> injected. <b>Bounds:</b> one question, two timers.
 */
final class Check {
  private static final double JITTER = 0.1;
  private static final Duration LONGEST_FIRST = Duration.ofSeconds(1);

  /** How to ask, and what the answers mean. */
  record Rule(
      String name,
      Duration interval,
      Duration timeout,
      int threshold,
      int successes,
      Probe probe) {}

  /**
   * One answer.
   *
   * @param wrong what is wrong; empty: nothing
   */
  record Answer(String wrong, boolean timedOut, long nanos) {}

  private final World world;
  private final Rule rule;
  private final Consumer<Answer> onAnswer;
  private final Runnable onChange;
  private boolean asking;
  private boolean answered;
  private long asked;
  private boolean everPassed;
  private int inARow;
  private volatile String failing = "not checked yet";

  /**
   * @param onAnswer told of each answer
   * @param onChange called when {@link #failing} is another
   */
  Check(World world, Rule rule, Consumer<Answer> onAnswer, Runnable onChange) {
    this.world = world;
    this.rule = rule;
    this.onAnswer = onAnswer;
    this.onChange = onChange;
  }

  String name() {
    return rule.name();
  }

  /** What was wrong when it began to fail; empty: it passes. Any thread. */
  String failing() {
    return failing;
  }

  void start() {
    Duration most = rule.interval().compareTo(LONGEST_FIRST) < 0 ? rule.interval() : LONGEST_FIRST;
    after((long) (most.toNanos() * JITTER * world.chance().nextDouble()));
  }

  private void after(long nanos) {
    world.loop().after(Duration.ofNanos(nanos), this::run);
  }

  private void next() {
    double stretch = 1 + JITTER * (2 * world.chance().nextDouble() - 1);
    after((long) (rule.interval().toNanos() * stretch));
  }

  private void run() {
    if (asking) {
      judge(new Answer("no answer yet", true, world.nanoTime() - asked));
      next();
      return;
    }
    asking = true;
    answered = false;
    asked = world.nanoTime();
    Loop.Timer timer = world.loop().after(rule.timeout(), this::late);
    rule.probe()
        .ask(rule.timeout())
        .whenComplete(
            (wrong, failure) ->
                world
                    .loop()
                    .execute(
                        () -> {
                          timer.cancel();
                          ended(failure == null ? wrong : String.valueOf(failure.getMessage()));
                        }));
  }

  private void late() {
    answered = true;
    String limit = "no answer within %d ms".formatted(rule.timeout().toMillis());
    judge(new Answer(limit, true, world.nanoTime() - asked));
    next();
  }

  private void ended(String wrong) {
    asking = false;
    if (!answered) {
      judge(new Answer(wrong, false, world.nanoTime() - asked));
      next();
    }
  }

  private void judge(Answer answer) {
    onAnswer.accept(answer);
    boolean good = answer.wrong().isEmpty();
    boolean passing = failing.isEmpty();
    if (!everPassed && !good && inARow == 0) {
      inARow = -1; // so that it is said once what is wrong from the start
      become(answer.wrong());
    } else if (good == passing) {
      inARow = Math.min(inARow, 0);
    } else {
      inARow = Math.max(inARow, 0) + 1;
      if (inARow >= (good ? rule.successes() : rule.threshold())) {
        inARow = 0;
        everPassed |= good;
        become(answer.wrong());
      }
    }
  }

  private void become(String wrong) {
    failing = wrong;
    onChange.run();
  }
}
