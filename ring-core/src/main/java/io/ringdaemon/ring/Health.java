package io.ringdaemon.ring;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether an instance can be relied on, apart from its state (design.md section 6). A suspect is
 * healthy and owns its keys; it only can't lead.
 *
 * @param since wall time of this node at which that came to be so
 * @param detail the reason in words with its figures; empty when there is none
 */
public record Health(boolean healthy, Optional<Reason> reason, Instant since, String detail) {
  /** Why an instance isn't well. */
  public enum Reason {
    /** Its heartbeat is older than the ring allows. */
    HEARTBEAT,
    /** Its node did not answer somebody lately. */
    SUSPECTED,
    /** Its node stopped answering, or a later life took its place. */
    DEAD,
    /** Its own health check fails. */
    CHECK;

    /** As in the API. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Healthy and not suspected. */
  public boolean well() {
    return healthy && reason.isEmpty();
  }

  /** One word for a page: healthy, suspect, or unhealthy. */
  public String word() {
    return well() ? "healthy" : healthy ? "suspect" : "unhealthy";
  }
}
