package io.ringdaemon.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of reference/ring-semantics.md 14.2. */
class GoRandomTest {
  @ParameterizedTest
  @CsvSource({
    "0, 4059586549 1052117029 2817310706 233405013 1578775030",
    "1, 2596996162 4039455774 2854263694 1879968118 1823804162",
    "42, 1602144611 283469975 2594563336 896869500 188198846",
    "-1, 1697317822 256193504 1440782448 2414742152 2469727486",
    "1099511627776, 2547277771 2944155200 548299171 729012147 3574393691"
  })
  void firstNumbersOfASeedAreThoseOfGo(long seed, String expected) {
    assertThat(draws(seed)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "tenant-a, '', -3380867882834763730, 1913576699 2843220078 645972876 1885440912 1375293726",
    "tenant-a, zone-a, -3896296730063314590, 2158430385 1243598516 2559769728 250926700 165353546",
    "tenant-a, zone-b, 2847410558678355172, 3134994517 798984043 353306277 3611428310 1613853486",
    "tenant-1, '', -2305785636457368283, 473989800 2554148951 2239962155 1723562194 720388420",
    "'', '', -3162216497309240828, 1795583385 3001595296 4027673381 3540921237 3498897879"
  })
  void tenantsAndZonesHaveTheSeedsOfDskit(
      String identifier, String zone, long seed, String expected) {
    assertThat(ShardSeed.of(identifier, zone)).isEqualTo(seed);
    assertThat(draws(seed)).isEqualTo(expected);
  }

  @Test
  void allSixtyFourBitsAreThoseOfGo() {
    GoRandom random = new GoRandom(1);
    assertThat(random.nextUint64()).isEqualTo(5577006791947779410L);
    assertThat(Long.toUnsignedString(random.nextUint64())).isEqualTo("8674665223082153551");
  }

  @Test
  void laterNumbersAreThoseOfTheWholeGenerator() {
    for (long seed : new long[] {0, 1, -5, Long.MIN_VALUE, Long.MAX_VALUE, 89482311}) {
      GoRandom fast = new GoRandom(seed);
      long[] words =
          GoRandomConstants.seeded(GoRandom.lehmerStart(seed), GoRandomConstants.derive());
      assertThat(LongStream.range(0, 5000).map(i -> fast.nextUint64()).toArray())
          .isEqualTo(
              LongStream.range(0, 5000).map(i -> GoRandomConstants.draw(words, i)).toArray());
    }
  }

  @Test
  void derivedConstantsAreThoseInTheDataFile() throws IOException, NoSuchAlgorithmException {
    long[] derived = GoRandomConstants.derive();
    assertThat(derived)
        .startsWith(-4181792142133755926L, -4576982950128230565L, 1395769623340756751L);
    byte[] bytes = GoRandomConstants.bytes(derived);
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
        .isEqualTo("71ca56841e25ce194c2600faac906bb84e97d268a3bc453ff9f1a1410af1d228");
    try (InputStream file = GoRandom.class.getResourceAsStream("go-random-constants.bin")) {
      assertThat(file.readAllBytes()).isEqualTo(bytes);
    }
  }

  private static String draws(long seed) {
    GoRandom random = new GoRandom(seed);
    return String.join(
        " ",
        IntStream.range(0, 5)
            .mapToObj(i -> Integer.toUnsignedString(random.nextUint32()))
            .toList());
  }
}
