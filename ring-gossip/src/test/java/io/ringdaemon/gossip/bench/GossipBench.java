package io.ringdaemon.gossip.bench;

import io.ringdaemon.bench.BenchRings;
import io.ringdaemon.bench.Measure;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Directive;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Replica;
import io.ringdaemon.gossip.replica.Replica.Moment;
import io.ringdaemon.gossip.wire.MessageCodec;
import io.ringdaemon.gossip.wire.SnappyBlock;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Key;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What does it cost two replicas to find out where they differ, and to end equal? Every message is
 * encoded, and decoded by the other; the network is left out. Bytes are of our own messages, both
 * ways, without the frames around them.
 */
public final class GossipBench {
  private static final Key<RingDesc> RING = new Key<>("collectors/bench", RingCodec.INSTANCE);
  private static final PeerId A = new PeerId("a", 1);
  private static final PeerId B = new PeerId("b", 1);
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_100);
  private static final int SIZE = 1_000;

  private final MessageCodec codec =
      new MessageCodec(List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE));
  private final Deque<Letter> letters = new ArrayDeque<>();
  private final RingDesc ring = BenchRings.desc(SIZE, 512, 3);
  private Replica a = replica();
  private final Replica b = replica();
  private long bytes;
  private long nanos;
  private long clock = NOW.getEpochSecond();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Letter(PeerId to, byte[] bytes) {}

  private GossipBench() {
    a.onLocal(RING, ring, NOW);
    b.onLocal(RING, ring, NOW);
  }

  public static void main(String[] unused) {
    GossipBench bench = new GossipBench();
    Measure.head("gossip");
    bench.digests();
    bench.queue();
    bench.heartbeats();
  }

  private static Replica replica() {
    return new Replica(
        new Replica.Retention(Duration.ofDays(2), 10_000), List.of("ringDesc", "leaderRecord"));
  }

  private void send(PeerId by, List<Directive> todo) {
    for (Directive directive : todo) {
      if (directive instanceof Send send) {
        byte[] encoded = codec.encode(send.message(), NOW);
        bytes += encoded.length;
        letters.add(new Letter(by.equals(A) ? B : A, encoded));
      }
    }
  }

  /** Until nothing is said any more. */
  private long settle(List<Directive> begin) {
    nanos += 2_000_000_000L;
    Moment at = new Moment(NOW, nanos);
    send(A, begin);
    while (!letters.isEmpty()) {
      Letter letter = letters.poll();
      boolean toA = letter.to.equals(A);
      Message message = codec.decode(letter.bytes);
      send(letter.to, (toA ? a : b).onMessage(toA ? B : A, message, List::of, at));
    }
    return bytes;
  }

  private void measure(String what, int batches, Runnable prepare, Runnable work) {
    long[] before = {bytes, 0};
    Measure.nanos(
        what,
        batches,
        1,
        call -> {
          prepare.run();
          work.run();
          before[1]++;
          return bytes;
        });
    System.out.printf("  %-58s %,10d bytes%n", "", (bytes - before[0]) / before[1]);
  }

  /** The instance lives on, for both. */
  private void beat(int i) {
    clock++;
    InstanceDesc held = b.get(RING).entries().get(i % SIZE);
    Heartbeat beat = new Heartbeat(held.id(), Math.max(clock, held.timestamp() + 1), 1, hash(held));
    Message message = new Message.Heartbeats(RING.name(), List.of(beat));
    Moment at = new Moment(NOW, nanos);
    a.onMessage(B, message, List::of, at);
    b.onMessage(A, message, List::of, at);
  }

  private static long hash(InstanceDesc entry) {
    RingDesc one = RingDesc.of(List.of(entry));
    return one.heartbeatsSince(one).orElseThrow().get(0).hash();
  }

  /** Some instances change their state at b. */
  private void change(int count) {
    RingDesc changed = b.get(RING);
    clock++;
    for (int i = 0; i < count; i++) {
      InstanceDesc held = changed.entries().get((int) (clock + (long) i * (SIZE / count)) % SIZE);
      InstanceState other =
          held.state() == InstanceState.ACTIVE ? InstanceState.LEAVING : InstanceState.ACTIVE;
      changed =
          changed.with(
              held.withState(other)
                  .withTimestamp(Math.max(clock, held.timestamp() + 1), held.sequence() + 1));
    }
    b.onLocal(RING, changed, NOW.minusSeconds(60)); // not lately: the longer way
  }

  private void digests() {
    Runnable nothing = () -> {};
    Runnable small = () -> settle(a.compare(B));
    Runnable whole = () -> settle(a.exchange(B, nanos));
    measure("1,000 x 512, equal, small comparison", 5_000, nothing, small);
    measure("1,000 x 512, equal, whole comparison", 5_000, nothing, whole);
    int[] turn = {0};
    measure("the same after a heartbeat each", 5_000, () -> beat(turn[0]++), whole);
    measure("one entry differs: found, fetched, merged", 1_000, () -> change(1), small);
    measure("a tenth of the entries differ", 100, () -> change(SIZE / 10), small);
    measure("all signs of life differ", 300, this::beatAll, whole);
    measure("one side has nothing", 30, () -> a = replica(), whole);
    byte[] encoded = RingCodec.INSTANCE.encode(ring);
    System.out.printf(
        "  %-58s %,10d bytes, %,d as a Snappy block%n",
        "the ring itself", encoded.length, SnappyBlock.compress(encoded).length);
  }

  private void beatAll() {
    clock += 10;
    RingDesc beaten = b.get(RING);
    for (InstanceDesc held : b.get(RING).entries()) {
      beaten =
          beaten.with(
              held.withTimestamp(Math.max(clock, held.timestamp() + 1), held.sequence() + 1));
    }
    b.onLocal(RING, beaten, NOW);
  }

  private void queue() {
    List<PeerId> receivers = IntStream.range(0, 3).mapToObj(i -> new PeerId("p-" + i, 1)).toList();
    Replica full = replica();
    RingDesc many = BenchRings.desc(10_000, 1, 3);
    long[] refills = {0};
    Measure.nanos(
        "10,000 changes queued, one tick of 200 to 3 peers, pure",
        2_000,
        1,
        call -> {
          if (full.queued() < 9_000) {
            List<InstanceDesc> entries = new ArrayList<>();
            refills[0]++;
            many.entries()
                .forEach(
                    entry ->
                        entries.add(
                            entry.withTimestamp(entry.timestamp() + refills[0], refills[0])));
            full.onMessage(
                A,
                new Message.Updates(
                    List.of(new io.ringdaemon.gossip.replica.Update<>(RING, RingDesc.of(entries)))),
                List::of,
                new Moment(NOW, 0));
          }
          return full.broadcast(receivers, 49, false, 0).size();
        });
  }

  private void heartbeats() {
    List<Heartbeat> beats = ring.heartbeatsSince(ring).orElseThrow().subList(0, 100);
    byte[] encoded = codec.encode(new Message.Heartbeats(RING.name(), beats), NOW);
    System.out.printf(
        "  %-58s %10.1f bytes each%n",
        "100 heartbeats in a message, whatever the tokens", encoded.length / 100.0);
  }
}
