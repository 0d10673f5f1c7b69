package io.ringdaemon.ring;

import io.ringdaemon.token.TokenRanges;
import java.util.ArrayList;
import java.util.List;

/** Reads that concern every instance of a ring (reference/ring-semantics.md 5.5, 5.6). */
final class WholeRing {
  private WholeRing() {}

  static ReplicationSet allHealthy(Ring ring, Operation operation) {
    if (ring.instances().isEmpty()) {
      throw new EmptyRing(ring.name());
    }
    return new ReplicationSet(fit(ring, operation), 0);
  }

  static ReplicationSet byInstances(Ring ring, Operation operation) {
    checkHasTokens(ring);
    List<Instance> fit = fit(ring, operation);
    int replicas = ring.options().replicationFactor();
    int needed = Math.max(ring.instanceCount(), replicas) - replicas / 2;
    if (fit.size() < needed) {
      throw new TooFewHealthyInstances(needed, fit.size(), unfit(ring, operation));
    }
    return new ReplicationSet(fit, fit.size() - needed);
  }

  static ReplicationSet byZones(Ring ring, Operation operation) {
    checkHasTokens(ring);
    boolean[] failed = new boolean[ring.zones().size()];
    int failures = 0;
    for (int i = 0; i < ring.instanceCount(); i++) {
      int zone = zone(ring, i);
      if (!failed[zone] && !serves(ring, i, operation)) {
        failed[zone] = true;
        failures++;
      }
    }
    int replicated = Math.min(failed.length, ring.options().replicationFactor());
    int tolerated = replicated / 2;
    if (failures > tolerated) {
      throw TooFewHealthyInstances.zones(
          failed.length - tolerated, failed.length - failures, unfit(ring, operation));
    }
    List<Instance> kept = new ArrayList<>(ring.instanceCount());
    for (int i = 0; i < ring.instanceCount(); i++) {
      if (!failed[zone(ring, i)]) {
        kept.add(ring.instances().get(i));
      }
    }
    return new ReplicationSet(kept, 0, tolerated - failures, true);
  }

  /** As an index; instances without a zone share the empty one, which sorts first. */
  private static int zone(Ring ring, int ordinal) {
    return Math.max(0, ring.roster().zoneOf(ordinal));
  }

  private static boolean serves(Ring ring, int ordinal, Operation operation) {
    return (operation.serving >>> ring.standing().at(ordinal) & 1) != 0;
  }

  private static List<Instance> fit(Ring ring, Operation operation) {
    List<Instance> fit = new ArrayList<>(ring.instanceCount());
    for (int i = 0; i < ring.instanceCount(); i++) {
      if (serves(ring, i, operation)) {
        fit.add(ring.instances().get(i));
      }
    }
    return fit;
  }

  private static List<String> unfit(Ring ring, Operation operation) {
    return ring.instances().stream()
        .filter(instance -> !instance.serves(operation))
        .map(Instance::id)
        .toList();
  }

  private static void checkHasTokens(Ring ring) {
    if (ring.tokenCount() == 0) {
      throw new EmptyRing(ring.name());
    }
  }

  static TokenRanges tokenRanges(Ring ring, int ordinal) {
    int zone = ring.roster().zoneOf(ordinal);
    if (!ring.options().zoneAware()) {
      throw new NoTokenRanges(ring.name(), "it is not zone aware");
    }
    if (ring.zones().size() != ring.options().replicationFactor()) {
      throw new NoTokenRanges(
          ring.name(),
          "%d replicas, but %d zones"
              .formatted(ring.options().replicationFactor(), ring.zones().size()));
    }
    if (zone < 0) {
      String id = ring.instances().get(ordinal).id();
      throw new NoTokenRanges(ring.name(), "instance " + id + " has no zone");
    }
    TokenIndex index = ring.index();
    int[] places = new int[index.size()];
    int count = 0;
    for (int i = 0; i < places.length; i++) {
      places[count] = i;
      count += ring.roster().zoneOf(index.ordinal(i)) == zone ? 1 : 0;
    }
    return TokenRanges.of(
        count, i -> index.token(places[i]), i -> index.ordinal(places[i]) == ordinal);
  }
}
