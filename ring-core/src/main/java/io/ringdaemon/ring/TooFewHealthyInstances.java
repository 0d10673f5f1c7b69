package io.ringdaemon.ring;

import java.util.List;

/** A key, or the whole ring, has not enough healthy instances or zones for a quorum. */
public final class TooFewHealthyInstances extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int needed;
  private final int found;
  private final transient List<String> unhealthy;

  public TooFewHealthyInstances(int needed, int found, List<String> unhealthy) {
    this("instances", needed, found, unhealthy);
  }

  private TooFewHealthyInstances(String what, int needed, int found, List<String> unhealthy) {
    super(
        "at least %d healthy %s are needed, %d found; unhealthy: %s"
            .formatted(needed, what, found, String.join(", ", unhealthy)));
    this.needed = needed;
    this.found = found;
    this.unhealthy = List.copyOf(unhealthy);
  }

  /** Where whole zones count; {@code unhealthy} are instances all the same. */
  static TooFewHealthyInstances zones(int needed, int found, List<String> unhealthy) {
    return new TooFewHealthyInstances("zones", needed, found, unhealthy);
  }

  /** How many healthy ones a quorum takes; zones, where those count. */
  public int needed() {
    return needed;
  }

  public int found() {
    return found;
  }

  /** Ids of the instances that can't serve. */
  public List<String> unhealthy() {
    return unhealthy;
  }
}
