package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Hashes;
import io.ringdaemon.kv.Heartbeat;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * The numbers replicas compare (docs/formats.md). Sums, so that they don't depend on an order; each
 * term mixed, so that no two differences cancel out by their form.
 */
final class Digests {
  private static final int ENTRIES_A_BUCKET = 8;
  static final int MOST_BITS = 10;

  /** Of two signs of life of one entry the later one counts, as in merging. */
  static final Comparator<Heartbeat> SIGNS =
      Comparator.comparingLong(Heartbeat::timestamp).thenComparingLong(Heartbeat::sequence);

  private Digests() {}

  static long ofContent(long hash) {
    return Hashes.mixed(hash);
  }

  static long ofSigns(long timestamp, long sequence, long hash) {
    return Hashes.mixed(hash ^ Hashes.mixed(timestamp ^ Hashes.mixed(sequence)));
  }

  /** The part of a key in the number that stands for all a replica holds. */
  static long ofKey(Message.KeySum sum) {
    long name = Hashes.fnv64(sum.key().getBytes(StandardCharsets.UTF_8));
    return Hashes.mixed(name ^ Hashes.mixed(sum.content() ^ Hashes.mixed(sum.generation())));
  }

  /** Lives seen go, whatever their age. */
  static long ofGone(List<Message.Gone> gone) {
    long sum = 0;
    for (Message.Gone one : gone) {
      long name = Hashes.fnv64(one.name().getBytes(StandardCharsets.UTF_8));
      sum += Hashes.mixed(name ^ Hashes.mixed(one.life() * 2 + (one.left() ? 1 : 0)));
    }
    return sum;
  }

  /** How many buckets, as a power of two, suit that many entries. */
  static int bits(int entries) {
    int buckets = Math.max(1, entries / ENTRIES_A_BUCKET);
    return Math.min(MOST_BITS, 32 - Integer.numberOfLeadingZeros(buckets - 1));
  }

  /** Which of 2^bits buckets an id is in: the upper bits of its mixed Java hash. */
  static int bucket(String id, int bits) {
    return bits == 0 ? 0 : (int) (Hashes.mixed(id.hashCode()) >>> (64 - bits));
  }
}
