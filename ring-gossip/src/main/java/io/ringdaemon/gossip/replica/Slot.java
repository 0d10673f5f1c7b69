package io.ringdaemon.gossip.replica;

import io.ringdaemon.gossip.replica.Message.KeySum;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key with its value, and that value in numbers. Confined to its replica. */
final class Slot<V extends Mergeable<V>> {
  final Key<V> key;
  private V value;
  private long generation;
  private long version;
  private Instant updated;
  private @Nullable KeySum sum; // of the present value, once somebody asked

  Slot(Key<V> key, Instant now) {
    this.key = key;
    this.value = key.codec().empty();
    this.updated = now;
  }

  V value() {
    return value;
  }

  /** Unix milliseconds of the key's last deletion, 0 if never. */
  long generation() {
    return generation;
  }

  void set(V changed, Instant now) {
    value = changed;
    version++;
    updated = now;
    sum = null;
  }

  /** Without what nobody needs to be told of. */
  void purged(V left) {
    value = left;
    sum = null;
  }

  /** Everything written before is gone. */
  void begin(long newGeneration, Instant now) {
    generation = newGeneration;
    set(key.codec().empty(), now);
  }

  /** Whether there is nothing in it, nor ever was. */
  boolean blank() {
    return generation == 0 && value.content().isEmpty();
  }

  Replica.Held held() {
    return new Replica.Held(key, value, version, updated, generation);
  }

  KeySum sum() {
    KeySum known = sum;
    if (known == null) {
      Summing summing = new Summing();
      value.eachEntry(summing);
      known =
          new KeySum(
              key.name(),
              key.codec().id(),
              generation,
              summing.entries,
              summing.content,
              summing.signs);
      sum = known;
    }
    return known;
  }

  private static final class Summing implements Mergeable.EntryReader {
    private int entries;
    private long content;
    private long signs;

    @Override
    public void entry(String id, long timestamp, long sequence, long hash) {
      entries++;
      content += Digests.ofContent(hash);
      signs += Digests.ofSigns(timestamp, sequence, hash);
    }
  }

  /** Sums of the content by bucket. */
  long[] buckets(int bits) {
    long[] sums = new long[1 << bits];
    value.eachEntry(
        (id, timestamp, sequence, hash) ->
            sums[Digests.bucket(id, bits)] += Digests.ofContent(hash));
    return sums;
  }

  /** The entries in some buckets, by bucket, each without its content. */
  Map<Integer, List<Heartbeat>> stamps(int bits, List<Integer> buckets) {
    Map<Integer, List<Heartbeat>> stamps = new HashMap<>();
    buckets.forEach(bucket -> stamps.put(bucket, new ArrayList<>()));
    value.eachEntry(
        (id, timestamp, sequence, hash) -> {
          List<Heartbeat> some = stamps.get(Digests.bucket(id, bits));
          if (some != null) {
            some.add(new Heartbeat(id, timestamp, sequence, hash));
          }
        });
    return stamps;
  }

  /** All entries without their content, by id. */
  List<Heartbeat> stamps() {
    return stamps(0, List.of(0)).getOrDefault(0, Collections.emptyList());
  }

  /** The named entries as an update; empty where none is here. */
  Update<V> only(List<String> ids) {
    return new Update<>(key, generation, value.only(ids));
  }
}
