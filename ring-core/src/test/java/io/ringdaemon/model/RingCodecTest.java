package io.ringdaemon.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.token.Tokens;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bytes made by dskit's own encoder: reference/ring-semantics.md 14.1. */
class RingCodecTest {
  private static final InstanceDesc ONE =
      InstanceDesc.of("i-1", "10.0.0.1:9095", "zone-a")
          .withState(InstanceState.ACTIVE)
          .withTokens(Tokens.of(5, 300, 4294967295L))
          .withRegistered(1699999000)
          .withTimestamp(1700000000, 0);

  private static RingDesc decode(String hex) {
    return RingCodec.INSTANCE.decode(HexFormat.of().parseHex(hex));
  }

  private static String encode(InstanceDesc entry) {
    return HexFormat.of().formatHex(RingCodec.INSTANCE.encode(RingDesc.of(List.of(entry))));
  }

  @Test
  void aRingOfOneIsByteForByteDskits() {
    String bytes =
        "0a390a03692d3112320a0d31302e302e302e313a393039351080e2cfaa06320805ac02ffffffff0f3a067a6f6e652d614098dacfaa064a03692d31";
    assertThat(encode(ONE)).isEqualTo(bytes);
    assertThat(decode(bytes).instances()).containsExactly(ONE);
  }

  @Test
  void aTombstoneIsByteForByteDskits() {
    String bytes = "0a140a03692d31120d10e4e2cfaa0618044a03692d31";
    assertThat(encode(InstanceDesc.tombstone("i-1", 1700000100))).isEqualTo(bytes);
    assertThat(decode(bytes).instances()).isEmpty();
  }

  @Test
  void aWriterThatLeavesTheIdEmptyIsUnderstoodByItsKey() {
    InstanceDesc read = decode("0a0d0a017812081804620408011002").entry("x").orElseThrow();
    assertThat(read.id()).isEqualTo("x");
    assertThat(read.isTombstone()).isTrue();
    assertThat(read.versions()).isEqualTo(Map.of(1L, 2L));
  }

  @Test
  void unpackedUnsortedDoubledTokensAreReadToo() {
    // i: timestamp 1, tokens 7, 3, 7 in three fields
    RingDesc ring = decode("0a0d0a01691208" + "1001" + "3007" + "3003" + "3007");
    assertThat(ring.instance("i").orElseThrow().tokens()).isEqualTo(Tokens.of(3, 7));
  }

  @Test
  void ourOwnFieldsStayInHighNumbers() {
    String plain = encode(ONE);
    String ours = encode(ONE.withOrigin(new InstanceDesc.Origin("n", 1, "")));
    assertThat(ours).contains(plain.substring(plain.indexOf("0a0d3130")));
  }

  @Test
  void anUnknownStateIsKeptAndPassedOn() {
    RingDesc ring = decode("0a090a0169120410011809");
    InstanceDesc read = ring.instance("i").orElseThrow();
    assertThat(read.state()).isEqualTo(InstanceState.UNKNOWN);
    assertThat(read.stateNumber()).isEqualTo(9);
    assertThat(decode(encode(read))).isEqualTo(ring);
    assertThat(read.withState(InstanceState.ACTIVE).stateNumber()).isZero();
  }

  @Test
  void noBytesDoMoreThanAMalformedValue() {
    SplittableRandom chance = new SplittableRandom(1);
    byte[] good = RingCodec.INSTANCE.encode(RingDesc.of(List.of(ONE)));
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt();
      bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt();
      try {
        RingCodec.INSTANCE.decode(bytes);
      } catch (MalformedValueException expected) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aMomentThatNoCalendarHasIsRefused() {
    for (long seconds : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1}) {
      byte[] bytes = RingCodec.INSTANCE.encode(RingDesc.of(List.of(ONE.withTimestamp(seconds, 0))));
      assertThatThrownBy(() -> RingCodec.INSTANCE.decode(bytes))
          .isInstanceOf(MalformedValueException.class)
          .hasMessageContaining("timestamp of " + seconds);
    }
  }
}
