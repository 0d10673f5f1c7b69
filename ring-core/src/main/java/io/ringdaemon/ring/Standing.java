package io.ringdaemon.ring;

import io.ringdaemon.model.InstanceState;
import java.util.List;

/**
 * What lookups must know of each instance, in four bits: its state and whether it is healthy.
 * Sixteen instances a {@code long}, eight of those a piece; a change copies one piece and the list
 * of pieces, so that it costs little in a large ring and all of it stays in the nearest cache.
 *
 * <p><b>Threading:</b> immutable; any thread.
 */
final class Standing {
  private static final int KINDS = 16;
  private static final int STATE = 7; // UNKNOWN, -1 by number, is 7
  private static final int SICK = 8;

  private final long[][] pieces;
  private final int[] counts; // instances with tokens, by standing

  /** Standings that some instance with tokens has, a bit each. */
  final int present;

  private Standing(long[][] pieces, int[] counts) {
    this.pieces = pieces;
    this.counts = counts;
    int bits = 0;
    for (int kind = 0; kind < KINDS; kind++) {
      bits |= counts[kind] > 0 ? 1 << kind : 0;
    }
    this.present = bits;
  }

  static Standing of(List<Instance> instances) {
    long[][] pieces = new long[(instances.size() + 127) >> 7][8];
    int[] counts = new int[KINDS];
    for (int i = 0; i < instances.size(); i++) {
      int kind = of(instances.get(i));
      pieces[i >> 7][(i >> 4) & 7] |= (long) kind << ((i & 15) << 2);
      counts[kind] += instances.get(i).owned().isEmpty() ? 0 : 1;
    }
    return new Standing(pieces, counts);
  }

  static int of(InstanceState state, boolean healthy) {
    return (state.number() & STATE) | (healthy ? 0 : SICK);
  }

  static int of(Instance instance) {
    return of(instance.state(), instance.health().healthy());
  }

  /** The standing of the instance with that ordinal. */
  int at(int ordinal) {
    return (int) (pieces[ordinal >> 7][(ordinal >> 4) & 7] >>> ((ordinal & 15) << 2)) & 15;
  }

  /** This after {@code before} became {@code after}; itself if that makes no difference. */
  Standing with(int ordinal, Instance before, Instance after) {
    int was = of(before);
    int is = of(after);
    if (was == is && before.owned().isEmpty() == after.owned().isEmpty()) {
      return this;
    }
    long[][] changed = pieces.clone();
    long[] piece = changed[ordinal >> 7].clone();
    piece[(ordinal >> 4) & 7] ^= (long) (was ^ is) << ((ordinal & 15) << 2);
    changed[ordinal >> 7] = piece;
    int[] counted = counts.clone();
    counted[was] -= before.owned().isEmpty() ? 0 : 1;
    counted[is] += after.owned().isEmpty() ? 0 : 1;
    return new Standing(changed, counted);
  }

  /** How many instances with tokens have one of {@code standings}. */
  int count(int standings) {
    int sum = 0;
    for (int kind = 0; kind < KINDS; kind++) {
      sum += (standings >> kind & 1) == 0 ? 0 : counts[kind];
    }
    return sum;
  }
}
