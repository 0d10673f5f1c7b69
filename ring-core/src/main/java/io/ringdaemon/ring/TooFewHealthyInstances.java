package io.ringdaemon.ring;

import java.util.List;

/** A key has not enough healthy owners for a quorum. */
public final class TooFewHealthyInstances extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int needed;
  private final int found;
  private final transient List<String> unhealthy;

  public TooFewHealthyInstances(int needed, int found, List<String> unhealthy) {
    super(
        "at least %d healthy instances are needed, %d found; unhealthy: %s"
            .formatted(needed, found, String.join(", ", unhealthy)));
    this.needed = needed;
    this.found = found;
    this.unhealthy = List.copyOf(unhealthy);
  }

  public int needed() {
    return needed;
  }

  public int found() {
    return found;
  }

  /** Ids of the owners that can't serve. */
  public List<String> unhealthy() {
    return unhealthy;
  }
}
