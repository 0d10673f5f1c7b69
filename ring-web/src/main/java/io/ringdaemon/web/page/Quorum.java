package io.ringdaemon.web.page;

import io.ringdaemon.ring.EmptyRing;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.TooFewHealthyInstances;

/** Which share of all keys can't be served, for want of a quorum. Tried with evenly spaced keys. */
final class Quorum {
  private static final int SAMPLES = 1024;

  private Quorum() {}

  static double lostShare(Ring ring, Operation operation) {
    int lost = 0;
    for (int i = 0; i < SAMPLES; i++) {
      lost += served(ring, (int) ((1L << 32) / SAMPLES * i), operation) ? 0 : 1;
    }
    return (double) lost / SAMPLES;
  }

  private static boolean served(Ring ring, int key, Operation operation) {
    try {
      return !ring.owners(key, operation).instances().isEmpty();
    } catch (EmptyRing | TooFewHealthyInstances e) {
      return false; // the answer sought
    }
  }
}
