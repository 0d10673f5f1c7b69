package io.ringdaemon.ring;

import java.util.List;

/**
 * Whom to ask about a key, in ring order, and how many of them must answer.
 *
 * @param maxErrors how many instances may fail; 0 where zones count
 * @param maxUnavailableZones how many zones may fail whole; 0 where single instances count
 * @param zoneAware whether quorum is counted by zones
 */
public record ReplicationSet(
    List<Instance> instances, int maxErrors, int maxUnavailableZones, boolean zoneAware) {
  public ReplicationSet {
    instances = List.copyOf(instances);
  }

  /** A set whose quorum is counted by instances. */
  public ReplicationSet(List<Instance> instances, int maxErrors) {
    this(instances, maxErrors, 0, false);
  }

  public int minSuccess() {
    return instances.size() - maxErrors;
  }
}
