package io.ringdaemon.ring;

import java.util.List;

/**
 * Whom to ask about a key, in ring order, and how many of them must answer.
 *
 * @param maxErrors how many may fail
 */
public record ReplicationSet(List<Instance> instances, int maxErrors) {
  public ReplicationSet {
    instances = List.copyOf(instances);
  }

  public int minSuccess() {
    return instances.size() - maxErrors;
  }
}
