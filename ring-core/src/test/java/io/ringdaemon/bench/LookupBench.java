package io.ringdaemon.bench;

import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.Owners;
import io.ringdaemon.ring.PackedOwners;
import io.ringdaemon.ring.ReplicationStrategy;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import java.util.function.IntToLongFunction;
import java.util.function.UnaryOperator;

/** How long does it take to find a key's owners? */
final class LookupBench {
  private static final int BATCHES = 12_000;

  private LookupBench() {}

  private static Ring ring(int tokens, boolean someSick) {
    SickEvery sick = new SickEvery(someSick ? 33 : Integer.MAX_VALUE);
    return BenchRings.ring(
        BenchRings.desc(1_000, tokens, 3),
        BenchRings.options(3, ReplicationStrategy.DEFAULT),
        sick);
  }

  /** Makes every so manieth instance sick. */
  private static final class SickEvery implements UnaryOperator<io.ringdaemon.ring.Instance> {
    private final int period;
    private int count;

    private SickEvery(int period) {
      this.period = period;
    }

    @Override
    public io.ringdaemon.ring.Instance apply(io.ringdaemon.ring.Instance one) {
      return ++count % period == 0 ? BenchRings.sick(one) : one;
    }
  }

  private static IntToLongFunction packed(Ring ring) {
    return i -> ring.ownersPacked(BenchRings.key(i), Operation.WRITE);
  }

  static void packed(int tokens, boolean someSick) {
    Ring ring = ring(tokens, someSick);
    String name = "1,000 x %d, ownersPacked%s".formatted(tokens, someSick ? ", 30 unhealthy" : "");
    Measure.nanos(name, BATCHES, 1_024, packed(ring));
    long[] last = {0};
    Measure.nanos(
        name + ", each key from the last answer",
        BATCHES,
        1_024,
        i -> {
          last[0] = ring.ownersPacked(BenchRings.key(i) ^ (int) (last[0] >>> 60), Operation.WRITE);
          return last[0];
        });
  }

  static void buffer(int tokens, boolean someSick) {
    Ring ring = ring(tokens, someSick);
    Owners owners = new Owners();
    Measure.nanos(
        "1,000 x %d, owners into a buffer%s".formatted(tokens, someSick ? ", 30 unhealthy" : ""),
        BATCHES,
        1_024,
        i -> (long) ring.owners(BenchRings.key(i), Operation.WRITE, owners) + owners.ordinal(0));
  }

  static void objects(int tokens) {
    Ring ring = ring(tokens, false);
    Measure.nanos(
        "1,000 x %d, owners as a ReplicationSet".formatted(tokens),
        BATCHES,
        1_024,
        i -> ring.owners(BenchRings.key(i), Operation.WRITE).maxErrors());
  }

  static void treeMap(int tokens) {
    TreeMapWalk walk = new TreeMapWalk(ring(tokens, false));
    Measure.nanos(
        "1,000 x %d, TreeMap walk".formatted(tokens),
        BATCHES,
        1_024,
        i -> walk.owners(BenchRings.key(i)).size());
  }

  static void leaving(int replicas, ReplicationStrategy strategy) {
    RingDesc desc = BenchRings.desc(1_200, 512, 4);
    RingOptions options = BenchRings.options(replicas, strategy);
    Ring ring =
        BenchRings.ring(
            desc,
            options,
            one -> one.zone().equals("zone-2") ? BenchRings.in(one, InstanceState.LEAVING) : one);
    Owners owners = new Owners();
    int[] packed = {0};
    Measure.nanos(
        "1,200 x 512, one of four zones LEAVING, RF %d, %s".formatted(replicas, strategy),
        BATCHES,
        256,
        i -> {
          int key = BenchRings.key(i);
          long set = ring.ownersPacked(key, Operation.WRITE);
          if (set != PackedOwners.NONE) {
            packed[0]++;
            return set;
          }
          return (long) ring.owners(key, Operation.WRITE, owners) + owners.needed();
        });
  }
}
