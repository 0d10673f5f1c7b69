package io.ringdaemon.change;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Something to be changed in a ring by hand. */
public sealed interface Change {
  /** Ids one change may name, and bytes they may take together. */
  int MOST_IDS = 1_000;

  int MOST_ID_BYTES = 60_000;

  /** Takes instances out; {@code allOrNothing}: none unless all are in the ring. */
  record Forget(List<String> ids, boolean allOrNothing) implements Change {
    /** Refuses, with the limit in the message, more than a message can carry. */
    public Forget {
      ids = ids.stream().distinct().toList();
      int bytes = ids.stream().mapToInt(id -> id.getBytes(StandardCharsets.UTF_8).length).sum();
      if (ids.isEmpty() || ids.size() > MOST_IDS || bytes > MOST_ID_BYTES) {
        throw new IllegalArgumentException(
            "a change names 1 to %d instances in at most %d bytes, not %d in %d"
                .formatted(MOST_IDS, MOST_ID_BYTES, ids.size(), bytes));
      }
    }
  }

  /** Takes out all that whoever carries it out sees unhealthy, at most {@link #MOST_IDS}. */
  record ForgetUnhealthy() implements Change {}

  /** Says whether new keys should go elsewhere than to an instance. */
  record SetReadOnly(String instanceId, boolean on) implements Change {}

  /** Asks the leader of that epoch to step down. */
  record Resign(String leaderId, long epoch) implements Change {}
}
