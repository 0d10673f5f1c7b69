package io.ringdaemon.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.proto.GossipMessage;
import io.ringdaemon.proto.Heartbeats;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.ReplicationStrategy;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.RingOptions;
import java.util.List;
import java.util.SplittableRandom;

/** How long does it take until a change is seen in the view, and what do whole-ring reads cost? */
final class ChangeBench {
  private static final RingOptions OPTIONS = BenchRings.options(3, ReplicationStrategy.DEFAULT);

  private ChangeBench() {}

  static void heartbeat() {
    BenchWatcher watcher = new BenchWatcher(BenchRings.desc(1_000, 512, 3), OPTIONS);
    watcher.value().version();
    int size = 1_000;
    long[] hashes =
        watcher.value().heartbeatsSince(watcher.value()).orElseThrow().stream()
            .mapToLong(Heartbeat::hash)
            .toArray();
    String[] ids = watcher.value().content().toArray(new String[0]);
    byte[][] wire = new byte[size][];
    for (int i = 0; i < size; i++) {
      wire[i] = message(ids[i], hashes[i]);
    }
    int[] turn = {0};
    Measure.nanos(
        "1,000 x 512, heartbeat to view, bytes of a gossip message decoded",
        3_000,
        100,
        i -> {
          byte[] bytes = wire[turn[0] % size];
          date(bytes, BenchRings.NOW.getEpochSecond() + 1 + turn[0]++ / size);
          var value = watcher.value().beat(List.of(decoded(bytes))).merged().value();
          return watcher.show(value).instanceCount();
        });
    Measure.nanos(
        "1,000 x 512, heartbeat to view, decoded",
        3_000,
        100,
        i -> {
          int one = turn[0] % size;
          long timestamp = BenchRings.NOW.getEpochSecond() + 1 + turn[0]++ / size;
          var beat = new Heartbeat(ids[one], timestamp, 2, hashes[one]);
          var value = watcher.value().beat(List.of(beat)).merged().value();
          return watcher.show(value).instanceCount();
        });
    Measure.nanos(
        "1,000 x 512, all instances judged anew (4 a second)",
        1_000,
        1,
        i -> {
          watcher.refresh();
          return 0;
        });
  }

  private static byte[] message(String id, long hash) {
    return GossipMessage.newBuilder()
        .setHeartbeats(
            Heartbeats.newBuilder()
                .setKey("collectors/ring")
                .addBeats(
                    io.ringdaemon.proto.Heartbeat.newBuilder()
                        .setId(id)
                        .setTimestamp(BenchRings.NOW.getEpochSecond())
                        .setSequence(2)
                        .setHash(hash)))
        .build()
        .toByteArray();
  }

  /** Writes the five bytes of a timestamp in place: they end 11 before the end. */
  private static void date(byte[] bytes, long timestamp) {
    int at = bytes.length - 16;
    for (int i = 0; i < 5; i++) {
      bytes[at + i] = (byte) ((timestamp >>> (7 * i) & 0x7F) | (i < 4 ? 0x80 : 0));
    }
  }

  private static Heartbeat decoded(byte[] bytes) {
    try {
      var beat = GossipMessage.parseFrom(bytes).getHeartbeats().getBeats(0);
      return new Heartbeat(beat.getId(), beat.getTimestamp(), beat.getSequence(), beat.getHash());
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static void state() {
    BenchWatcher watcher = new BenchWatcher(BenchRings.desc(1_000, 512, 3), OPTIONS);
    List<InstanceDesc> all = List.copyOf(watcher.value().entries());
    int rounds = 200;
    RingDesc[] changes = new RingDesc[rounds * 1_000];
    byte[][] bytes = new byte[1_000][];
    for (int i = 0; i < changes.length; i++) {
      InstanceState state = i / 1_000 % 2 == 0 ? InstanceState.LEAVING : InstanceState.ACTIVE;
      changes[i] =
          RingDesc.of(
              List.of(
                  all.get(i % 1_000)
                      .withState(state)
                      .withTimestamp(BenchRings.NOW.getEpochSecond() + 1 + i / 1_000, 2)));
      if (i < 1_000) {
        bytes[i] = RingCodec.INSTANCE.encode(changes[i]);
      }
    }
    int[] at = {0};
    Measure.nanos(
        "1,000 x 512, decoded change of state to view",
        400,
        50,
        i -> {
          var value = watcher.value().merge(changes[at[0]++]).value();
          return watcher.show(value).instanceCount();
        });
    Measure.nanos(
        "an entry of 512 tokens decoded",
        2_000,
        20,
        i -> RingCodec.INSTANCE.decode(bytes[i % 1_000]).entries().size());
  }

  static void tokens() {
    BenchWatcher watcher = new BenchWatcher(BenchRings.desc(1_000, 512, 3), OPTIONS);
    SplittableRandom chance = new SplittableRandom(3);
    int[] at = {0};
    Measure.nanos(
        "1,000 x 512, one instance's tokens all changed, to view",
        400,
        1,
        i -> {
          int turn = at[0]++;
          InstanceDesc entry =
              BenchRings.entry(chance, turn % 1_000, 512, 3)
                  .withTimestamp(BenchRings.NOW.getEpochSecond() + 1 + turn, 2);
          var value = watcher.value().merge(RingDesc.of(List.of(entry))).value();
          return watcher.show(value).tokenCount();
        });
    InstanceDesc first = watcher.value().entries().get(0);
    Measure.nanos(
        "1,000 x 512, an instance gone and come back: two full views",
        40,
        1,
        i -> {
          RingDesc whole = watcher.value();
          watcher.show(whole.without(first.id()));
          return watcher.show(whole).tokenCount();
        });
  }

  static void build() {
    RingDesc desc = BenchRings.desc(1_000, 512, 3);
    var instances = BenchRings.instances(desc);
    Measure.nanos(
        "1,000 x 512, full build of a view",
        200,
        1,
        i -> Ring.of(OPTIONS, "0", BenchRings.NOW, instances).tokenCount());
    RingDesc small = BenchRings.desc(1_000, 128, 3);
    var fewer = BenchRings.instances(small);
    Measure.nanos(
        "1,000 x 128, full build of a view",
        400,
        1,
        i -> Ring.of(OPTIONS, "0", BenchRings.NOW, fewer).tokenCount());
  }

  static void whole() {
    RingDesc desc = BenchRings.desc(1_000, 512, 3);
    Ring ring = Ring.of(OPTIONS, "0", BenchRings.NOW, BenchRings.instances(desc));
    Measure.nanos(
        "1,000 x 512, replication set of the whole ring",
        3_000,
        20,
        i -> ring.replicationSetForOperation(Operation.READ).instances().size());
    Ring large =
        Ring.of(OPTIONS, "0", BenchRings.NOW, BenchRings.instances(BenchRings.desc(2_000, 512, 3)));
    Measure.nanos(
        "2,000 x 512, ownership of all instances", 400, 1, i -> (long) large.shares()[i % 2_000]);
    Measure.nanos(
        "2,000 x 512, the same with each zone a circle", 400, 1, i -> large.ownership()[i % 2_000]);
    Measure.nanos(
        "2,000 x 512, token ranges of one instance",
        200,
        1,
        i -> large.tokenRanges(large.instances().get(i % 2_000).id()).ranges().size());
  }

  static void merge() {
    RingDesc desc = BenchRings.desc(1_000, 512, 3);
    RingDesc[] changes = new RingDesc[1_000];
    for (int i = 0; i < changes.length; i++) {
      InstanceDesc entry = desc.entries().get(i);
      changes[i] =
          RingDesc.of(
              List.of(
                  entry
                      .withUnknown(ByteString.EMPTY)
                      .withState(InstanceState.LEAVING)
                      .withTimestamp(entry.timestamp() + 1, 2)));
    }
    Measure.nanos(
        "1,000 x 512, merge of a one-instance change",
        5_000,
        100,
        i -> desc.merge(changes[i % 1_000]).change().isPresent() ? 1 : 0);
  }
}
