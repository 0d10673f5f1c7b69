package io.ringdaemon.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.election.LeaderRecord.Ended;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.kv.MergeLaws;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaderRecordTest {
  static LongStream seeds() {
    return LongStream.range(0, 1_000);
  }

  private static Claim claim(long epoch, String id, boolean released) {
    return new Claim(epoch, id, id + ":80", id, 1, 2, released);
  }

  private static LeaderRecord random(SplittableRandom chance) {
    TreeMap<String, Abstention> abstentions = new TreeMap<>();
    if (chance.nextBoolean()) {
      abstentions.put("a", new Abstention(chance.nextInt(3), 5, chance.nextInt(2)));
    }
    return new LeaderRecord(
        chance.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(
                claim(
                    1 + chance.nextInt(2), chance.nextBoolean() ? "a" : "b", chance.nextBoolean())),
        abstentions,
        chance.nextInt(3),
        chance.nextBoolean()
            ? Ended.NOTHING
            : new Ended(1 + chance.nextInt(2), chance.nextBoolean() ? "a" : "b"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void mergingKeepsTheLawsAndTheEncodingKeepsAll(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    LeaderRecord one = random(chance);
    MergeLaws.check(one, random(chance), random(chance));
    assertThat(LeaderRecordCodec.INSTANCE.decode(LeaderRecordCodec.INSTANCE.encode(one)))
        .isEqualTo(one);
  }

  @Test
  void theHigherEpochWinsThenTheSmallerIdThenTheReleasedOne() {
    assertThat(Claim.ORDER.compare(claim(2, "b", false), claim(1, "a", false))).isPositive();
    assertThat(Claim.ORDER.compare(claim(1, "a", false), claim(1, "b", false))).isPositive();
    assertThat(Claim.ORDER.compare(claim(1, "a", true), claim(1, "a", false))).isPositive();
  }

  @Test
  void aClaimWithoutEpochOrInstanceIsRefused() {
    byte[] noEpoch =
        LeaderRecordCodec.INSTANCE.encode(LeaderRecord.EMPTY.claimed(claim(0, "a", false)));
    assertThatThrownBy(() -> LeaderRecordCodec.INSTANCE.decode(noEpoch))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void whatNobodyCouldEverOutbidOrWaitForIsRefused() {
    for (LeaderRecord harmful :
        List.of(
            LeaderRecord.EMPTY.claimed(claim(Long.MAX_VALUE, "a", false)),
            LeaderRecord.EMPTY.abstaining("a", new Abstention(0, Long.MAX_VALUE, 0)),
            LeaderRecord.EMPTY.abstaining("a", new Abstention(Long.MIN_VALUE, 5, 0)),
            LeaderRecord.EMPTY.remembering(Long.MAX_VALUE),
            LeaderRecord.EMPTY.ending(new Ended(Long.MAX_VALUE, "a")),
            LeaderRecord.EMPTY.abstaining("a", new Abstention(5, 4, 0)))) {
      byte[] bytes = LeaderRecordCodec.INSTANCE.encode(harmful);
      assertThatThrownBy(() -> LeaderRecordCodec.INSTANCE.decode(bytes))
          .isInstanceOf(MalformedValueException.class);
    }
  }
}
