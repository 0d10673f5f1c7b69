package io.ringdaemon.change;

import java.util.List;

/**
 * A change and what belongs to it.
 *
 * @param id the same id always names the same change: a retry repeats nothing
 * @param epoch of the leader whom the sender sees; 0: nobody
 * @param baseVersions the ring must be at one of these versions; none: at any
 * @param actor who asks, for the journal
 */
public record Request(
    String id, Change change, long epoch, List<String> baseVersions, String actor) {
  /** Characters of an id, and of the actor's name. */
  static final int LONGEST = 256;

  private static final int MOST_VERSIONS = 16;

  /** Refuses, with the limit in the message, what no peer would take. */
  public Request {
    baseVersions = List.copyOf(baseVersions);
    actor = actor.length() > LONGEST ? actor.substring(0, LONGEST) : actor;
    if (id.isEmpty() || id.length() > LONGEST || baseVersions.size() > MOST_VERSIONS) {
      throw new IllegalArgumentException(
          "a request has an id of 1 to %d characters and at most %d versions, not %d and %d"
              .formatted(LONGEST, MOST_VERSIONS, id.length(), baseVersions.size()));
    }
  }

  Request under(long epoch) {
    return new Request(id, change, epoch, baseVersions, actor);
  }

  /** Whether it may be carried out on a ring at {@code version}. */
  public boolean fits(String version) {
    return baseVersions.isEmpty() || baseVersions.contains(version);
  }
}
