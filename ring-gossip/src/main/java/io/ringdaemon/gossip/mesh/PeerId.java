package io.ringdaemon.gossip.mesh;

import java.util.Comparator;

/**
 * One life of a node: its name, and when that process started in Unix milliseconds. A restart has
 * the same name and a later life.
 */
public record PeerId(String name, long life) implements Comparable<PeerId> {
  private static final Comparator<PeerId> ORDER =
      Comparator.comparing(PeerId::name).thenComparingLong(PeerId::life);

  @Override
  public int compareTo(PeerId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name + "@" + life;
  }
}
