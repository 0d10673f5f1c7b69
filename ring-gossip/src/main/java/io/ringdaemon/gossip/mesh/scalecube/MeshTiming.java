package io.ringdaemon.gossip.mesh.scalecube;

/**
 * The periods of scalecube, in milliseconds where the name says so. {@link #TUNED} sees a crash
 * within 4 s among 3 nodes and 14 s among 200; it wants hosts that don't pause for 250 ms. Source:
 * reference/scalecube.md 3 and 6.
 */
public record MeshTiming(
    int pingIntervalMillis,
    int pingTimeoutMillis,
    int pingHelpers,
    int suspicionMult,
    int syncIntervalMillis,
    int syncTimeoutMillis,
    int gossipIntervalMillis,
    int gossipFanout,
    int gossipRepeatMult,
    int fetchTimeoutMillis) {
  public static final MeshTiming TUNED =
      new MeshTiming(500, 250, 3, 3, 10_000, 3_000, 100, 3, 2, 2_000);
  public static final MeshTiming LAN =
      new MeshTiming(1_000, 500, 3, 5, 30_000, 3_000, 200, 3, 3, 3_000);
  public static final MeshTiming WAN =
      new MeshTiming(5_000, 3_000, 3, 6, 60_000, 3_000, 200, 4, 3, 10_000);

  public MeshTiming {
    atLeast("pingIntervalMillis", pingIntervalMillis, 10);
    atLeast("pingTimeoutMillis", pingTimeoutMillis, 5);
    atLeast("pingHelpers", pingHelpers, 0);
    atLeast("suspicionMult", suspicionMult, 1);
    atLeast("syncIntervalMillis", syncIntervalMillis, 100);
    atLeast("syncTimeoutMillis", syncTimeoutMillis, 100);
    atLeast("gossipIntervalMillis", gossipIntervalMillis, 10);
    atLeast("gossipFanout", gossipFanout, 1);
    atLeast("gossipRepeatMult", gossipRepeatMult, 1);
    atLeast("fetchTimeoutMillis", fetchTimeoutMillis, 10);
    if (pingTimeoutMillis >= pingIntervalMillis) {
      throw new IllegalArgumentException(
          "pingTimeoutMillis "
              + pingTimeoutMillis
              + " must be less than pingIntervalMillis "
              + pingIntervalMillis
              + ": the rest is for asking through others");
    }
  }

  /** How long a suspect has to refute, in a table of {@code size} members (section 2.5). */
  public long suspicionMillis(int size) {
    return (long) suspicionMult * (32 - Integer.numberOfLeadingZeros(size)) * pingIntervalMillis;
  }

  private static void atLeast(String field, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(field + " must be at least " + least + ": " + value);
    }
  }
}
