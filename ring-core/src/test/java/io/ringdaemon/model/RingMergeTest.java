package io.ringdaemon.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.MergeLaws;
import io.ringdaemon.kv.Mergeable.Beaten;
import io.ringdaemon.kv.Mergeable.Purged;
import io.ringdaemon.token.Tokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RingMergeTest {
  private static final List<InstanceState> STATES = List.of(InstanceState.values());
  private static final Instant NOW = Instant.ofEpochSecond(120);

  static LongStream seeds() {
    return LongStream.range(0, 2_000);
  }

  private static InstanceDesc entry(
      String id, InstanceState state, long timestamp, long... tokens) {
    return InstanceDesc.of(id, id + ":80", "")
        .withState(state)
        .withTokens(Tokens.of(tokens))
        .withTimestamp(timestamp, 0);
  }

  private static RingDesc ring(InstanceDesc... entries) {
    return RingDesc.of(List.of(entries));
  }

  /** Few ids, timestamps and tokens, so that ties and conflicts abound. */
  private static RingDesc random(SplittableRandom chance) {
    List<InstanceDesc> entries = new ArrayList<>();
    for (String id : List.of("a", "b", "c")) {
      if (chance.nextInt(4) > 0) {
        long[] tokens = chance.longs(chance.nextInt(4), 0, 6).toArray();
        InstanceState state = STATES.get(chance.nextInt(STATES.size()));
        entries.add(
            entry(id, state, chance.nextInt(3), tokens)
                .withTimestamp(chance.nextInt(3), chance.nextInt(2))
                .withVersions(chance.nextBoolean() ? Map.of(1L, 2L) : Map.of()));
      }
    }
    return RingDesc.of(entries);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void mergingIsIdempotentCommutativeAndAssociativeAlsoWithTiesAndConflicts(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    MergeLaws.check(random(chance), random(chance), random(chance));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRingSurvivesItsEncoding(long seed) {
    RingDesc ring = random(new SplittableRandom(seed));
    RingDesc back = RingCodec.INSTANCE.decode(RingCodec.INSTANCE.encode(ring));
    assertThat(back).isEqualTo(ring);
    assertThat(back.version()).isEqualTo(ring.version());
  }

  @Test
  void theLaterTimestampWins() {
    RingDesc merged =
        ring(
                entry("a", InstanceState.JOINING, 100, 10, 20),
                entry("b", InstanceState.ACTIVE, 100, 30))
            .merge(
                ring(
                    entry("a", InstanceState.ACTIVE, 105, 10, 20),
                    entry("b", InstanceState.LEAVING, 99, 30),
                    entry("c", InstanceState.ACTIVE, 101, 40)))
            .value();
    assertThat(merged)
        .isEqualTo(
            ring(
                entry("a", InstanceState.ACTIVE, 105, 10, 20),
                entry("b", InstanceState.ACTIVE, 100, 30),
                entry("c", InstanceState.ACTIVE, 101, 40)));
  }

  @Test
  void aTombstoneWinsATieAndLosesToALaterEntry() {
    RingDesc alive = ring(entry("a", InstanceState.ACTIVE, 100, 1));
    RingDesc removed = ring(InstanceDesc.tombstone("a", 100));
    assertThat(alive.merge(removed).value()).isEqualTo(removed);
    assertThat(removed.merge(alive).change()).isEmpty();
    RingDesc back = ring(entry("a", InstanceState.ACTIVE, 101, 1));
    assertThat(removed.merge(back).value()).isEqualTo(back);
  }

  @Test
  void aRemovalIsDatedLaterThanWhatItRemovesAlsoWhenThatIsFromTheFuture() {
    RingDesc ring = ring(entry("a", InstanceState.ACTIVE, 200, 1));
    RingDesc change = ring.changeTo(ring.without("a"), NOW).orElseThrow();
    assertThat(change).isEqualTo(ring(InstanceDesc.tombstone("a", 201)));
    assertThat(ring.merge(change).value().instances()).isEmpty();
  }

  @Test
  void anEntryWithoutTimestampNeverEntersUnlessItIsATombstone() {
    RingDesc ring = ring(entry("a", InstanceState.ACTIVE, 0, 5), InstanceDesc.tombstone("b", 0));
    assertThat(ring.content()).containsExactly("b");
  }

  @Test
  void aHeartbeatIsAppliedOnlyToTheEntryItSpeaksOf() {
    InstanceDesc held = entry("a", InstanceState.ACTIVE, 100, 1, 2);
    RingDesc ring = ring(held, InstanceDesc.tombstone("t", 100));
    RingDesc later = ring.with(held.withTimestamp(105, 7));
    List<Heartbeat> beats =
        ring.changeTo(later, NOW).orElseThrow().heartbeatsSince(ring).orElseThrow();
    assertThat(ring.beat(beats).merged().value()).isEqualTo(later);
    assertThat(ring.beat(beats).unknown()).isEmpty();

    RingDesc other = ring.with(entry("a", InstanceState.LEAVING, 101, 1, 2));
    Beaten<RingDesc> beaten = other.beat(beats);
    assertThat(beaten.unknown()).containsExactly("a");
    assertThat(beaten.merged().change()).isEmpty();
    assertThat(RingDesc.EMPTY.beat(beats).unknown()).containsExactly("a");
    assertThat(ring.beat(List.of(new Heartbeat("t", 99, 0, 0))).unknown()).isEmpty();
  }

  @Test
  void aChangeOfStateIsNoHeartbeat() {
    RingDesc ring = ring(entry("a", InstanceState.ACTIVE, 100, 1));
    RingDesc leaving = ring.with(entry("a", InstanceState.LEAVING, 101, 1));
    assertThat(ring.changeTo(leaving, NOW).orElseThrow().heartbeatsSince(ring)).isEmpty();
  }

  @Test
  void oldTombstonesGoByAgeThenByNumber() {
    RingDesc ring =
        ring(
            InstanceDesc.tombstone("a", 10),
            InstanceDesc.tombstone("b", 50),
            InstanceDesc.tombstone("c", 60),
            entry("d", InstanceState.ACTIVE, 5, 1));
    Purged<RingDesc> purged = ring.withoutTombstones(Instant.ofEpochSecond(20), 1);
    assertThat(purged.value().content()).containsExactly("c", "d");
    assertThat(purged.expired()).isEqualTo(1);
    assertThat(purged.pushedOut()).isEqualTo(1);
  }

  @Test
  void fieldsOfOthersArePassedOn() {
    ByteString foreign = ByteString.fromHex("f2" + "5d" + "03" + "616263"); // field 1502, "abc"
    RingDesc ring = ring(entry("a", InstanceState.ACTIVE, 100, 1).withUnknown(foreign));
    assertThat(RingCodec.INSTANCE.decode(RingCodec.INSTANCE.encode(ring))).isEqualTo(ring);
  }
}
