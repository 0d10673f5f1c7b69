package io.ringdaemon.daemon.cli;

import io.ringdaemon.daemon.process.Moment;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The lead of a ring on this node, as its daemon lends it. */
final class Seat {
  /** Longest wait for a renewal: it must leave time to end the command. */
  static final Duration PROMPT = Duration.ofMillis(600);

  /** Longest wait while there is nothing to end. */
  static final Duration PATIENT = Duration.ofMillis(1500);

  /**
   * What the daemon said.
   *
   * @param asked when it was asked: the lease counts from here, however late the answer came
   * @param epoch under which to work; 0: it is not our turn
   * @param leader who leads; empty: nobody
   * @param pause after which to ask again
   */
  record Turn(Moment asked, long epoch, String leader, Duration pause, String reason) {
    boolean ours() {
      return epoch > 0;
    }
  }

  private final DaemonClient daemon;
  private final String ring;
  private final String path;
  private final String lease;
  private String index = "";

  Seat(DaemonClient daemon, String ring) {
    this.daemon = daemon;
    this.ring = ring;
    this.path = ClientCommand.ringPath(ring) + "/leader";
    this.lease = path + "/lease?holder=" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();
  }

  String ring() {
    return ring;
  }

  /** Asks for the seat, or to keep it. Fails when the daemon refuses or isn't heard in time. */
  Turn ask(Duration limit) {
    Moment asked = Moment.now();
    JsonNode answer = answer(daemon.changeWithin("POST", lease, limit)).body();
    return new Turn(
        asked,
        answer.path("granted").asBoolean(false) ? answer.path("epoch").asLong(0) : 0,
        Table.printable(Table.field(answer, "leaderId")),
        Duration.ofMillis(answer.path("waitMillis").asLong(0)),
        Table.printable(Table.field(answer, "reason")));
  }

  /** Who leads, once the ring is different from the last look, or after {@code wait}. */
  JsonNode look(Duration wait) {
    boolean atOnce = wait.isZero() || index.isEmpty();
    String query = atOnce ? "" : "?index=" + index + "&wait=" + wait.toMillis() + "ms";
    Answer answer = answer(daemon.get(path + query, wait));
    index = DaemonUrl.encoded(answer.index());
    return answer.body();
  }

  /** A daemon that starts or leaves is as good as none; it will be asked again. */
  private static Answer answer(Answer answer) {
    if (answer.status() >= 500) {
      throw new CommandFailure(ExitCode.UNREACHABLE, answer.problem());
    }
    return answer.orFail();
  }

  /** The work has ended. A daemon that doesn't hear it lets the lease run out. */
  void giveBack() {
    try {
      daemon.changeWithin("DELETE", lease, PATIENT);
    } catch (CommandFailure unheard) {
      // nothing is lost but time
    }
  }
}
