package io.ringdaemon.web.page;

import io.ringdaemon.ring.EmptyRing;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.TooFewHealthyInstances;
import io.ringdaemon.token.KeyHash;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Who owns a key.
 *
 * @param asked whether a key was given at all
 * @param answer in one sentence: how many must answer, or why nobody can
 */
public record KeyBox(
    String key,
    boolean asked,
    long hash,
    String operation,
    List<Owner> owners,
    String answer,
    boolean failed,
    String api) {
  /** An owner in ring order and its token that made it one. */
  public record Owner(
      int place, String letter, String id, String addr, String zone, String state, long token) {}

  static KeyBox unasked() {
    return new KeyBox("", false, 0, Operation.WRITE.name(), List.of(), "", false, "");
  }

  static KeyBox of(Ring ring, String key, Operation operation) {
    int hash = KeyHash.of(key);
    long point = Integer.toUnsignedLong(hash);
    String api =
        "/api/v1/rings/%s/owners?key=%s&operation=%s"
            .formatted(Paths.escape(ring.name()), Paths.escape(key), operation.name());
    try {
      ReplicationSet set = ring.owners(hash, operation);
      List<Owner> owners =
          IntStream.range(0, set.instances().size())
              .mapToObj(place -> owner(ring, place, set.instances().get(place), point))
              .toList();
      String answer =
          "%d of %d must answer; %d may fail."
              .formatted(set.minSuccess(), owners.size(), set.maxErrors());
      return new KeyBox(key, true, point, operation.name(), owners, answer, false, api);
    } catch (TooFewHealthyInstances e) {
      String answer =
          "No quorum: %d healthy owners are needed, %d found; not able to serve: %s."
              .formatted(e.needed(), e.found(), Words.names(e.unhealthy()));
      return new KeyBox(key, true, point, operation.name(), List.of(), answer, true, api);
    } catch (EmptyRing e) {
      String answer = "The ring is empty: nobody owns a key.";
      return new KeyBox(key, true, point, operation.name(), List.of(), answer, true, api);
    }
  }

  private static Owner owner(Ring ring, int place, Instance instance, long point) {
    List<Instance> all = ring.instances();
    int ordinal =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).id().equals(instance.id()))
            .findFirst()
            .orElse(0);
    return new Owner(
        place + 1,
        Circle.letter(ordinal),
        Words.shown(instance.id()),
        Words.shown(instance.desc().addr()),
        Words.shown(instance.zone()),
        instance.state().name(),
        firstAfter(instance, point));
  }

  /** Its first token strictly after the point, clockwise. */
  private static long firstAfter(Instance instance, long point) {
    return instance
        .owned()
        .longs()
        .boxed()
        .min((some, other) -> Long.compare(distance(point, some), distance(point, other)))
        .orElse(0L);
  }

  private static long distance(long point, long token) {
    return token > point ? token - point : token - point + (1L << 32);
  }

  /** Where it is on the circle, if a key was given. */
  OptionalLong point() {
    return asked ? OptionalLong.of(hash) : OptionalLong.empty();
  }
}
