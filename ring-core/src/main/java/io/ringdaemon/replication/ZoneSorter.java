package io.ringdaemon.replication;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** In which order zones are asked when not all are asked at once. */
@FunctionalInterface
public interface ZoneSorter {
  /** The given zones, each once. */
  List<String> sort(List<String> zones, RandomGenerator chance);

  /** Any order is as likely as another. */
  ZoneSorter RANDOM = ZoneSorter::shuffled;

  /** {@code zone} first if it is among them, the others at random (Tempo's sorter). */
  static ZoneSorter preferring(String zone) {
    return (zones, chance) -> {
      List<String> sorted = shuffled(zones, chance);
      if (sorted.remove(zone)) {
        sorted.add(0, zone);
      }
      return sorted;
    };
  }

  /** A shuffled copy. */
  static <T> List<T> shuffled(List<T> some, RandomGenerator chance) {
    List<T> shuffled = new ArrayList<>(some);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      Collections.swap(shuffled, i, chance.nextInt(i + 1));
    }
    return shuffled;
  }
}
