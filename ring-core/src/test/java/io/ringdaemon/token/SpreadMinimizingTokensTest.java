package io.ringdaemon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of reference/ring-semantics.md 4.2. */
class SpreadMinimizingTokensTest {
  private static final List<String> ZONES = List.of("zone-b", "zone-c", "zone-a");

  @ParameterizedTest
  @CsvSource({
    "0, 0 8388608 16777216 25165824 33554432 41943040, 4286578688, 1097364144128, 25d413a490f0445e",
    "1, 4194304 12582912 20971520 29360128 37748736 46137344, 4290772992, 1099511627776, 6607f91b5aa34bab",
    "2, 2146085552 2150279856 2154474160 2158668464 2162862768 2167057072, 4289374888, 1647477871952, 724a729310b8c075",
    "3, 710934528 715128832 719323136 723517440 727711744 731906048, 2854223872, 912680550400, e130c41aa311ada8",
    "4, 1677720 5872024 10066328 14260632 18454936 22649240, 4292450712, 959077102248, f370f7be4e181c3a",
    "5, 3075824 7270128 11464432 15658736 19853040 24047344, 4293848816, 1005144261480, 3ecb8b3b662a4f75",
    "10, 44383368 48577672 52771976 56966280 61160584 332112624, 4289019008, 1168712080736, c23423106a9c4011",
    "50, 87475912 91670216 95864520 97628272 100058816 101822576, 4284226584, 1179127246720, 451d630bdccdace2",
    "100, 44070104 47092400 48264408 51286704 52458712 55481008, 4282964840, 1205686236592, 1f280c2447a4cb72"
  })
  void tokensAreThoseOfDskitInEachZone(
      int ordinal, String first, long last, long sum, String hash) {
    Tokens tokens = new SpreadMinimizingTokens(ordinal, 0).all();
    assertThat(tokens.longs().limit(6).mapToObj(Long::toString).collect(Collectors.joining(" ")))
        .isEqualTo(first);
    assertThat(tokens.at(511)).isEqualTo(last);
    assertThat(tokens.longs().sum()).isEqualTo(sum);
    assertThat(hash(tokens)).isEqualTo(hash);
    for (int zone = 1; zone < 8; zone++) {
      int shift = zone;
      assertThat(new SpreadMinimizingTokens(ordinal, zone).all())
          .isEqualTo(Tokens.of(tokens.longs().map(token -> token + shift).toArray()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 4282384384 4273995776 4265607168 4257218560",
    "2, 4289374888 4285180584 4280986280 4276791976",
    "4, 4288256408 2853804440 4284062104 706320792"
  })
  void tokensAreMadeInTheOrderOfDskit(int ordinal, String expected) {
    assertThat(
            Arrays.stream(SpreadSimulation.tokensOf(ordinal, 0))
                .limit(4)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @Test
  void splittingARangeAcrossZeroCostsAStep() {
    assertThat(SpreadSimulation.split(40, 800, 80)).isEqualTo(120);
    assertThat(SpreadSimulation.split(4294967136L, 416, 240)).isEqualTo(88);
    assertThat(SpreadSimulation.split(4294967136L, 416, 120)).isEqualTo(4294967256L);
  }

  @Test
  void rangeThatCannotBeSplitIsRefused() {
    assertThatThrownBy(() -> SpreadSimulation.split(40, 800, 0)).hasMessageContaining("0");
    assertThatThrownBy(() -> SpreadSimulation.split(40, 800, 81)).hasMessageContaining("81");
    assertThatThrownBy(() -> SpreadSimulation.split(41, 800, 80)).hasMessageContaining("41");
    assertThatThrownBy(() -> SpreadSimulation.split(40, 120, 80)).hasMessageContaining("120");
  }

  @Test
  void aThousandInstancesDifferByLessThanAFifthOfAPercent() {
    long[] pairs = new long[1000 * 512];
    Set<Long> unique = new HashSet<>();
    SpreadSimulation simulation = new SpreadSimulation(1000, 0);
    for (int ordinal = 0; ordinal < 1000; ordinal++) {
      long[] tokens = simulation.next();
      for (int k = 0; k < 512; k++) {
        pairs[ordinal * 512 + k] = tokens[k] << 20 | ordinal;
        unique.add(tokens[k]);
      }
    }
    assertThat(unique).hasSize(pairs.length);
    Arrays.sort(pairs);
    long[] owned = new long[1000];
    for (int i = 0; i < pairs.length; i++) {
      long before = i == 0 ? (pairs[pairs.length - 1] >> 20) - (1L << 32) : pairs[i - 1] >> 20;
      owned[(int) (pairs[i] & 0xFFFFF)] += (pairs[i] >> 20) - before;
    }
    double least = LongStream.of(owned).min().orElseThrow();
    double most = LongStream.of(owned).max().orElseThrow();
    assertThat(1 - least / most).isLessThan(0.002);
  }

  @Test
  void takenTokensAreLeftOutAndNoOthersTakeTheirPlace() {
    SpreadMinimizingTokens generator = SpreadMinimizingTokens.of("store-0", "zone-b", ZONES);
    assertThat(generator.generate(3, token -> token == 8388609).longs())
        .containsExactly(1L, 16777217L, 25165825L);
    assertThat(generator.generate(1000, token -> token == 1).size()).isEqualTo(511);
    assertThat(generator.generate(512, token -> false)).isEqualTo(generator.all());
    assertThat(generator.generate(0, token -> false)).isEqualTo(Tokens.NONE);
    assertThat(generator.generate(-1, token -> false)).isEqualTo(Tokens.NONE);
  }

  @Test
  void whatCannotBePlacedIsRefusedByName() {
    assertThatThrownBy(() -> SpreadMinimizingTokens.of("store", "zone-a", ZONES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("store");
    assertThatThrownBy(() -> SpreadMinimizingTokens.of("store-99999999999", "zone-a", ZONES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("store-99999999999");
    assertThatThrownBy(() -> SpreadMinimizingTokens.of("store-70000", "zone-a", ZONES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("70000");
    assertThatThrownBy(() -> SpreadMinimizingTokens.of("store-1", "zone-d", ZONES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zone-d");
    assertThatThrownBy(() -> SpreadMinimizingTokens.of("store-1", "a", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SpreadMinimizingTokens.of("store-1", "a", List.of("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                SpreadMinimizingTokens.of(
                    "s-1", "1", List.of("1", "2", "3", "4", "5", "6", "7", "8", "9")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static String hash(Tokens tokens) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * tokens.size());
    tokens.ints().forEach(bytes::putInt);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
