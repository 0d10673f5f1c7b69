package io.ringdaemon.gossip.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Directive.Contacted;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.Summary;
import io.ringdaemon.gossip.replica.Replica.Moment;
import io.ringdaemon.gossip.wire.MessageCodec;
import io.ringdaemon.kv.Key;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas that compare what they hold, every message as bytes. */
class AntiEntropyTest {
  private static final Instant NOW = Instant.ofEpochSecond(100_000);
  private static final Key<RingDesc> RING = new Key<>("ring", RingCodec.INSTANCE);
  private static final Key<LeaderRecord> LEADER =
      new Key<>("ring/leader", LeaderRecordCodec.INSTANCE);

  private final Net net = new Net();

  static LongStream seeds() {
    String replay = System.getProperty("seed");
    return replay == null ? LongStream.range(0, 100) : LongStream.of(Long.parseLong(replay));
  }

  /** Replicas and what is on its way between them. */
  static final class Net {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Letter(PeerId from, PeerId to, byte[] bytes) {}

    final MessageCodec codec =
        new MessageCodec(List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE));
    final Map<PeerId, Replica> replicas = new TreeMap<>();
    final Deque<Letter> letters = new ArrayDeque<>();
    final Map<String, Integer> bytes = new HashMap<>();
    final List<PeerId> contacted = new ArrayList<>();
    final Map<PeerId, List<Gone>> gone = new HashMap<>();
    final List<Summary> answers = new ArrayList<>();
    Instant now = NOW;
    long nanos = 1;

    Replica add(String name) {
      Replica replica =
          new Replica(
              new Replica.Retention(Duration.ofHours(10), 100),
              List.of("ringDesc", "leaderRecord"));
      replicas.put(peer(name), replica);
      return replica;
    }

    static PeerId peer(String name) {
      return new PeerId(name, 1);
    }

    void carryOut(PeerId by, List<Directive> todo) {
      for (Directive directive : todo) {
        if (directive instanceof Send send) {
          byte[] encoded = codec.encode(send.message(), now);
          bytes.merge(send.message().kind(), encoded.length, Integer::sum);
          letters.add(new Letter(by, send.to(), encoded));
        } else if (directive instanceof Contacted) {
          contacted.add(by);
        }
      }
    }

    void deliver(Letter letter) {
      Message message = codec.decode(letter.bytes);
      if (message instanceof Summary summary && summary.answer()) {
        answers.add(summary);
      }
      List<Gone> lives = gone.getOrDefault(letter.to, List.of());
      carryOut(
          letter.to,
          replicas
              .get(letter.to)
              .onMessage(letter.from, message, () -> lives, new Moment(now, nanos)));
    }

    /** Everything arrives, in order. */
    void settle() {
      settle(letter -> true);
    }

    void settle(Predicate<Letter> arrives) {
      for (int i = 0; !letters.isEmpty(); i++) {
        assertThat(i).as("messages of one comparison").isLessThan(10_000);
        Letter letter = letters.poll();
        if (arrives.test(letter)) {
          deliver(letter);
        }
      }
    }

    void exchange(String from, String to) {
      carryOut(peer(from), replicas.get(peer(from)).exchange(peer(to), nanos));
    }

    void compare(String from, String to) {
      carryOut(peer(from), replicas.get(peer(from)).compare(peer(to)));
    }

    void later(Duration time) {
      now = now.plus(time);
      nanos += time.toNanos();
    }

    int total() {
      return bytes.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  private static InstanceDesc entry(int i, int tokens, long timestamp) {
    return InstanceDesc.of("instance-%04d".formatted(i), "10.0.0.1:9095", "zone-" + i % 3)
        .withState(InstanceState.ACTIVE)
        .withTokens(Tokens.ofInts(new SplittableRandom(i).ints(tokens)))
        .withTimestamp(timestamp, 1);
  }

  private static void put(Replica replica, InstanceDesc entry) {
    replica.onLocal(RING, replica.get(RING).with(entry), NOW);
  }

  private static void fill(Replica replica, int instances, int tokens) {
    List<InstanceDesc> entries = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      entries.add(entry(i, tokens, 1_000));
    }
    replica.onLocal(RING, RingDesc.of(entries), NOW);
  }

  private void assertEqual(Replica one, Replica other) {
    assertThat(other.get(RING)).isEqualTo(one.get(RING));
    assertThat(other.get(LEADER)).isEqualTo(one.get(LEADER));
  }

  @Test
  void equalOnesSayNothingToASmallComparisonAndLittleToAWholeOne() {
    fill(net.add("a"), 100, 8);
    fill(net.add("b"), 100, 8);
    net.compare("a", "b");
    net.settle();
    assertThat(net.bytes.keySet()).containsExactly("root");
    assertThat(net.total()).isLessThan(16);
    net.exchange("a", "b");
    net.settle();
    assertThat(net.bytes.keySet()).containsExactlyInAnyOrder("root", "summary");
    assertThat(net.total()).isLessThan(160);
    assertThat(net.contacted).containsExactly(Net.peer("a"));
  }

  @Test
  void aNewcomerFetchesEverythingOnceThoughThreeGreetItAndTellsNobodyOfIt() {
    for (String name : List.of("b", "c", "d")) {
      fill(net.add(name), 300, 64);
    }
    Replica a = net.add("a");
    for (String name : List.of("b", "c", "d")) {
      net.exchange("a", name);
      net.exchange(name, "a");
    }
    net.settle();
    assertEqual(net.replicas.get(Net.peer("b")), a);
    assertThat(net.contacted).contains(Net.peer("a"));
    int whole = RingCodec.INSTANCE.encode(a.get(RING)).length;
    assertThat(net.bytes.get("updates")).isBetween(whole / 2, whole * 5 / 4);
    assertThat(a.queued()).isZero();
  }

  @Test
  void contactIsMadeOnlyWhenTheLastOfWhatIsNewerThereHasArrived() {
    fill(net.add("b"), 300, 64);
    Replica a = net.add("a");
    net.exchange("a", "b");
    while (!net.letters.isEmpty()) {
      assertThat(net.contacted).isEmpty();
      net.deliver(net.letters.poll());
    }
    assertThat(net.contacted).containsExactly(Net.peer("a"));
    assertThat(a.get(RING).content()).hasSize(300);
  }

  @Test
  void contactIsAlsoMadeWithAPeerThatHoldsNothingAndWithOneThatHoldsLess() {
    Replica b = net.add("b");
    fill(net.add("a"), 30, 4);
    net.exchange("a", "b");
    net.settle();
    assertThat(net.contacted).containsExactly(Net.peer("a"));
    assertThat(b.get(RING).content()).hasSize(30);

    net.add("c");
    net.add("d");
    net.exchange("c", "d");
    net.settle();
    assertThat(net.contacted).contains(Net.peer("c"));
  }

  @Test
  void oneDifferingEntryOfAThousandCostsLittle() {
    Replica a = net.add("a");
    Replica b = net.add("b");
    fill(a, 1_000, 16);
    fill(b, 1_000, 16);
    put(b, entry(500, 16, 2_000).withState(InstanceState.LEAVING));
    net.compare("a", "b");
    net.settle();
    assertEqual(a, b);
    assertThat(net.total()).isLessThan(3_000);
  }

  @Test
  void signsOfLifeAreEvenedOutWithoutTheirEntriesAndOnlyByAWholeComparison() {
    Replica a = net.add("a");
    Replica b = net.add("b");
    fill(a, 1_000, 16);
    fill(b, 1_000, 16);
    for (int i = 0; i < 1_000; i++) {
      put(i % 2 == 0 ? a : b, entry(i, 16, 2_000 + i).withTimestamp(2_000 + i, i));
    }
    net.compare("a", "b");
    net.settle();
    assertThat(net.bytes.keySet()).containsExactly("root");
    net.exchange("a", "b");
    net.settle();
    assertEqual(a, b);
    assertThat(net.bytes).doesNotContainKeys("updates", "stamps", "buckets");
    assertThat(net.total()).isLessThan(26_000);
  }

  @Test
  void removalsAndDeletedKeysCrossTooAndADeletedKeyStaysDeletedAfterASplit() {
    Replica a = net.add("a");
    Replica b = net.add("b");
    fill(a, 100, 4);
    fill(b, 100, 4);
    a.onLocal(RING, a.get(RING).without("instance-0007"), NOW);
    net.compare("b", "a");
    net.settle();
    assertEqual(a, b);
    assertThat(b.get(RING).instance("instance-0007")).isEmpty();

    a.onDelete(RING, NOW);
    put(b, entry(3, 4, 5_000));
    net.later(Duration.ofHours(9));
    net.compare("b", "a");
    net.settle();
    assertThat(a.get(RING)).isEqualTo(RingDesc.EMPTY);
    assertThat(b.get(RING)).isEqualTo(RingDesc.EMPTY);
    put(b, entry(3, 4, 6_000));
    net.compare("b", "a");
    net.settle();
    assertThat(a.get(RING).content()).containsExactly("instance-0003");
  }

  @Test
  void aDeletedKeyIsLearntByWhoNeverHeardOfIt() {
    Replica a = net.add("a");
    Replica b = net.add("b");
    fill(a, 10, 4);
    a.onDelete(RING, NOW);
    net.exchange("a", "b");
    net.settle();
    assertThat(b.held()).hasSize(1);
    net.bytes.clear();
    net.compare("a", "b");
    net.settle();
    assertThat(net.bytes.keySet()).containsExactly("root");
  }

  @Test
  void livesThatWentAreToldOnceAndAgainOnlyWhenOthersWent() {
    net.add("a");
    net.add("b");
    net.gone.put(Net.peer("b"), List.of(new Gone("x", 7, true, 5)));
    for (int i = 0; i < 2; i++) {
      net.exchange("a", "b");
      net.settle();
    }
    net.gone.put(Net.peer("b"), List.of(new Gone("x", 7, true, 9), new Gone("y", 8, false, 5)));
    net.exchange("a", "b");
    net.settle();
    assertThat(net.answers.stream().map(answer -> answer.gone().size())).containsExactly(1, 0, 2);
  }

  @Test
  void smallQuestionsCannotDemandUnboundedAnswers() {
    Replica a = net.add("a");
    net.add("b");
    fill(a, 1_000, 512);
    List<String> ids = a.get(RING).content();
    for (int i = 0; i < 50; i++) {
      net.carryOut(
          Net.peer("a"),
          a.onMessage(
              Net.peer("b"),
              new Message.EntryRequest("ring", ids),
              List::of,
              new Moment(NOW, net.nanos)));
    }
    assertThat(net.total()).isLessThanOrEqualTo((int) AnswerLimit.BYTES_A_SECOND);
    assertThat(a.withheldAnswers()).isPositive();
    net.letters.clear();
    net.later(Duration.ofSeconds(1));
    net.carryOut(
        Net.peer("a"),
        a.onMessage(
            Net.peer("b"),
            new Message.EntryRequest("ring", ids.subList(0, 10)),
            List::of,
            new Moment(NOW, net.nanos)));
    assertThat(net.letters).isNotEmpty();
  }

  /**
   * Random changes on three replicas, comparisons whose messages get lost, doubled and mixed up.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void replicasEndEqualWhateverHappensToTheirMessages(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    List<String> names = List.of("a", "b", "c");
    names.forEach(net::add);
    int instances = chance.nextInt(4) == 0 ? 200 : 12;
    for (int round = 0; round < 60; round++) {
      for (int i = chance.nextInt(8); i > 0; i--) {
        change(net.replicas.get(Net.peer(names.get(chance.nextInt(3)))), instances, chance);
      }
      int from = chance.nextInt(3);
      String to = names.get((from + 1 + chance.nextInt(2)) % 3);
      if (chance.nextBoolean()) {
        net.compare(names.get(from), to);
      } else {
        net.exchange(names.get(from), to);
      }
      List<Net.Letter> mixed = new ArrayList<>(net.letters);
      Collections.shuffle(mixed, new Random(chance.nextLong()));
      net.letters.clear();
      for (Net.Letter letter : mixed) {
        if (chance.nextInt(10) > 2) {
          net.deliver(letter);
        }
        if (chance.nextInt(10) == 0) {
          net.letters.add(letter);
        }
      }
      net.later(Duration.ofMillis(chance.nextInt(2_000)));
    }
    net.letters.clear();
    for (int i = 0; i < 4; i++) {
      net.later(Duration.ofSeconds(2));
      for (String one : names) {
        for (String other : names) {
          if (!one.equals(other)) {
            net.exchange(one, other);
            net.settle();
          }
        }
      }
    }
    Replica first = net.replicas.get(Net.peer("a"));
    net.replicas.values().forEach(other -> assertEqual(first, other));
    net.bytes.clear();
    net.exchange("a", "b");
    net.settle();
    assertThat(net.bytes.keySet()).as("nothing is left to say").containsExactly("summary");
  }

  private void change(Replica replica, int instances, SplittableRandom chance) {
    RingDesc ring = replica.get(RING);
    int i = chance.nextInt(instances);
    String id = "instance-%04d".formatted(i);
    long timestamp = ring.timestampFor(id, net.now);
    switch (chance.nextInt(20)) {
      case 0 -> replica.onDelete(RING, net.now);
      case 1, 2, 3 -> replica.onLocal(RING, ring.without(id), net.now);
      case 4 ->
          replica.onLocal(
              LEADER,
              new LeaderRecord(
                  replica.get(LEADER).claim(),
                  new TreeMap<>(),
                  chance.nextLong(1, 1_000),
                  LeaderRecord.Ended.NOTHING),
              net.now);
      case 5, 6, 7, 8, 9 ->
          ring.instance(id)
              .ifPresent(
                  held ->
                      replica.onLocal(
                          RING,
                          ring.with(held.withTimestamp(timestamp, chance.nextInt(5))),
                          net.now));
      default ->
          replica.onLocal(
              RING,
              ring.with(
                  entry(i, 1 + chance.nextInt(3), timestamp)
                      .withState(
                          chance.nextBoolean() ? InstanceState.ACTIVE : InstanceState.LEAVING)),
              net.now);
    }
  }

  /** Whatever a peer says, a replica holds what it held and answers within its limits. */
  @Test
  void digestsThatLieBreakNothing() {
    SplittableRandom chance = new SplittableRandom(5);
    Replica a = net.add("a");
    Replica b = net.add("b");
    fill(a, 200, 4);
    fill(b, 180, 4);
    put(b, entry(3, 4, 7_000));
    List<byte[]> seen = new ArrayList<>();
    net.exchange("a", "b");
    net.exchange("b", "a");
    net.settle(
        letter -> {
          seen.add(letter.bytes());
          return true;
        });
    RingDesc before = a.get(RING);
    int answered = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = seen.get(i % seen.size()).clone();
      int cut = chance.nextInt(4) == 0 ? chance.nextInt(bytes.length) : bytes.length;
      bytes = java.util.Arrays.copyOf(bytes, cut);
      for (int j = chance.nextInt(4); j > 0 && cut > 0; j--) {
        bytes[chance.nextInt(cut)] = (byte) chance.nextInt();
      }
      net.later(Duration.ofMillis(50));
      try {
        Message message = net.codec.decode(bytes);
        if (!(message instanceof Message.Updates)) {
          answered +=
              a.onMessage(Net.peer("b"), message, List::of, new Moment(net.now, net.nanos)).size();
        }
      } catch (io.ringdaemon.kv.MalformedValueException refused) {
        answered += 0;
      }
    }
    assertThat(answered).isPositive();
    assertThat(a.get(RING).content()).isEqualTo(before.content());
    assertThat(a.held()).hasSize(1);
  }
}
