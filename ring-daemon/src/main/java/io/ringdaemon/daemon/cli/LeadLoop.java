package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.process.LeasedCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Waits for the lead, runs the command while it lasts, and so on.
 *
 * <pre>
 *   WAITING ──lease granted──▶ RUNNING ──command ends──▶ given back, its exit code
 *      ▲                          │ refused, or no good answer for 1.2 s
 *      └────── given back ◀── ENDING (TERM, KILL) ──once──▶ its exit code
 * </pre>
 *
 * <p><b>Threading:</b> one thread; signals come in others.
 */
final class LeadLoop {
  private static final Duration RENEWAL = Duration.ofMillis(250);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);
  private static final Map<String, Integer> ENDING = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private final Seat seat;
  private final List<String> command;
  private final boolean once;
  private final Optional<Duration> timeout;
  private final PrintWriter err;
  private final AtomicReference<@Nullable LeasedCommand> running = new AtomicReference<>();
  private volatile boolean toldToEnd;
  private String said = "";

  /**
   * @param once end when the lead is lost
   * @param timeout longest wait for the lead
   */
  LeadLoop(
      Seat seat, List<String> command, boolean once, Optional<Duration> timeout, PrintWriter err) {
    this.seat = seat;
    this.command = command;
    this.once = once;
    this.timeout = timeout;
    this.err = err;
  }

  int run() {
    Signals.handle(this::onSignal, "TERM", "INT", "HUP", "USR1", "USR2");
    while (true) {
      Seat.Turn turn = await();
      OptionalInt code;
      try {
        code = work(turn);
      } finally {
        seat.giveBack();
      }
      if (code.isPresent()) {
        return code.getAsInt();
      }
    }
  }

  /** Goes to the command; while there is none, those that end a program end this one. */
  private void onSignal(String name) {
    LeasedCommand now = running.get();
    Integer number = ENDING.get(name);
    toldToEnd |= name.equals("INT") || name.equals("TERM"); // HUP asks many to read their settings
    if (now != null) {
      now.signal(name);
    } else if (number != null) {
      // Nothing runs; or it was started this very moment, and the watchdog ends it.
      Runtime.getRuntime().halt(ExitCode.SIGNALLED + number);
    }
  }

  private Seat.Turn await() {
    long began = System.nanoTime();
    Duration retry = RENEWAL;
    while (true) {
      CommandFailure problem;
      try {
        Seat.Turn turn = seat.ask(Seat.PATIENT);
        if (turn.ours()) {
          if (turn.asked().age().compareTo(Seat.PROMPT) < 0) {
            return turn;
          }
          continue; // too old by now to start on
        }
        retry = RENEWAL;
        problem = new CommandFailure(ExitCode.NO, turn.reason());
        waitFor(turn, left(began, LOOK));
      } catch (CommandFailure failure) {
        if (failure.exitCode() != ExitCode.UNREACHABLE) {
          throw failure;
        }
        problem = failure;
        say("waiting for the daemon: " + failure.getMessage());
        pause(left(began, retry));
        retry = shorter(retry.multipliedBy(2), LAST_RETRY);
      }
      if (timeout.isPresent() && left(began, LOOK).isZero()) {
        throw new CommandFailure(
            problem.exitCode(),
            "gave up after waiting for the lead of " + seat.ring() + ": " + problem.getMessage());
      }
    }
  }

  /** Says why it isn't our turn, and returns when that may be different. */
  private void waitFor(Seat.Turn turn, Duration limit) {
    JsonNode leader = seat.look(Duration.ZERO);
    if (leader.path("isLeader").asBoolean(false)) {
      say("waiting to start: " + turn.reason());
      pause(shorter(shorter(turn.pause(), RENEWAL), limit));
      return;
    }
    String id = Table.printable(Table.field(leader, "leaderId"));
    say(
        id.isEmpty()
            ? "waiting: nobody leads " + seat.ring()
            : "waiting: held by %s since %s, epoch %s"
                .formatted(id, Table.field(leader, "since"), Table.field(leader, "epoch")));
    seat.look(limit);
  }

  private void say(String line) {
    if (!line.equals(said)) {
      said = line;
      err.println("ring-daemon: " + line);
      err.flush();
    }
  }

  /** Runs the command; its exit code, or empty when the lead was lost and shall be awaited anew. */
  private OptionalInt work(Seat.Turn turn) {
    Map<String, String> environment =
        Map.of(
            "LEADER_EPOCH",
            Long.toString(turn.epoch()),
            "LEADER_ID",
            turn.leader(),
            "RING",
            seat.ring());
    say("leading with epoch " + turn.epoch());
    try (LeasedCommand started = LeasedCommand.start(command, environment, turn.asked())) {
      running.set(started);
      String lost = keep(started, turn.epoch());
      if (!lost.isEmpty()) {
        say("ending the command: " + lost);
      }
      started.end();
      running.set(null);
      boolean again = !lost.isEmpty() && !once && !toldToEnd;
      return again ? OptionalInt.empty() : OptionalInt.of(exitCode(started.process()));
    } catch (LeasedCommand.NotStartedInTime busy) {
      say(busy.getMessage() + "; trying again");
      return OptionalInt.empty();
    } catch (IOException failed) {
      throw new CommandFailure(ExitCode.NO, "the command can't be kept: " + failed.getMessage());
    } finally {
      running.set(null);
    }
  }

  /** Renews until the command ends (empty) or the lead is lost (why). */
  private String keep(LeasedCommand started, long epoch) {
    while (true) {
      if (ended(started.process())) {
        // By itself, or by the watchdog while this process could do nothing.
        return started.lapsed() ? "its lease ran out" : "";
      }
      String trouble;
      try {
        Seat.Turn turn = seat.ask(Seat.PROMPT);
        if (turn.epoch() != epoch) {
          return turn.reason();
        }
        started.renewed(turn.asked());
        continue;
      } catch (IOException watchdogGone) {
        if (!ended(started.process())) {
          return "its watchdog is gone";
        }
        continue; // by itself, or by the watchdog
      } catch (CommandFailure unheard) {
        trouble = String.valueOf(unheard.getMessage());
      }
      if (started.overdue()) {
        return trouble;
      }
    }
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int exitCode(Process process) {
    try {
      return process.waitFor(1, TimeUnit.SECONDS)
          ? process.exitValue()
          : ExitCode.SIGNALLED + 9; // KILL was sent; the kernel has not let it go yet
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return ExitCode.NO;
    }
  }

  private Duration left(long began, Duration most) {
    Duration waited = Duration.ofNanos(System.nanoTime() - began);
    Duration left = timeout.map(limit -> limit.minus(waited)).orElse(most);
    return left.isNegative() ? Duration.ZERO : shorter(left, most);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static void pause(Duration pause) {
    LockSupport.parkNanos(pause.toNanos());
  }
}
