package io.ringdaemon.change;

import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.model.RingDesc;
import java.util.List;

/**
 * What became of a change.
 *
 * @param version of the ring afterwards, where it was carried out
 * @param why it was refused, in words; else empty
 * @param forgotten ids that were taken out
 * @param absent ids that were removed before: a tombstone is known
 * @param unknown ids never heard of
 * @param living those of {@code forgotten} that were well: they register anew
 * @param entries of the ring that were changed, so that whoever asked sees them at once
 * @param leader the leader record, if that was changed
 */
public record Result(
    Outcome outcome,
    String version,
    String why,
    List<String> forgotten,
    List<String> absent,
    List<String> unknown,
    List<String> living,
    RingDesc entries,
    LeaderRecord leader) {
  /** How it ended. */
  public enum Outcome {
    DONE,
    /** The ring is no longer at the version the change was based on. */
    STALE,
    REFUSED
  }

  public Result {
    forgotten = List.copyOf(forgotten);
    absent = List.copyOf(absent);
    unknown = List.copyOf(unknown);
    living = List.copyOf(living);
  }

  private static Result of(Outcome outcome, String version, String why) {
    return new Result(
        outcome,
        version,
        why,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        RingDesc.EMPTY,
        LeaderRecord.EMPTY);
  }

  /** Nothing else to tell than the entries that hold it. */
  public static Result done(String version, RingDesc entries) {
    return of(Outcome.DONE, version, "").with(entries, LeaderRecord.EMPTY);
  }

  /** The ring has moved on, to {@code version}. */
  public static Result stale(String version) {
    return of(Outcome.STALE, version, "the ring is at version " + version + " by now");
  }

  /** It can't be done; {@code why} in words. */
  public static Result refused(String version, String why) {
    return of(Outcome.REFUSED, version, why);
  }

  /** This with what was changed. */
  public Result with(RingDesc entries, LeaderRecord leader) {
    return new Result(outcome, version, why, forgotten, absent, unknown, living, entries, leader);
  }
}
