package io.ringdaemon.model;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The total order that decides between two versions of one entry: the later timestamp, then LEFT
 * over anything else, then the greater sequence, then the greater bytes. Because it is total,
 * merging is idempotent, commutative and associative (design.md section 6).
 *
 * <p><b>Differs</b> from dskit (reference/ring-semantics.md 3.1), which keeps what it holds on a
 * tie and resolves token conflicts inside the merge: here entries keep the tokens they claim.
 */
final class RingMerge {
  static final Comparator<InstanceDesc> ORDER =
      Comparator.comparingLong(InstanceDesc::timestamp)
          .thenComparing(InstanceDesc::isTombstone)
          .thenComparingLong(InstanceDesc::sequence)
          .thenComparing(
              (a, b) ->
                  a.equals(b)
                      ? 0
                      : Arrays.compareUnsigned(RingCodec.canonical(a), RingCodec.canonical(b)));

  private RingMerge() {}

  static boolean newer(InstanceDesc arriving, InstanceDesc held) {
    return ORDER.compare(arriving, held) > 0;
  }
}
