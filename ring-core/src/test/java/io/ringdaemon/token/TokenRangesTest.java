package io.ringdaemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** reference/ring-semantics.md 5.6. */
class TokenRangesTest {
  private static final long MAX = 0xFFFF_FFFFL;

  private static String ranges(long[] tokens, boolean[] mine) {
    TokenRanges ranges = TokenRanges.of(tokens.length, i -> tokens[i], i -> mine[i]);
    StringBuilder text = new StringBuilder();
    ranges.ranges().forEach(one -> text.append("[%d,%d]".formatted(one.start(), one.end())));
    return text.toString().replace(Long.toString(MAX), "MAX");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10B 25A 50B 75A 100B | [10,24][50,74] | [0,9][25,49][75,MAX]",
        "99A 100B | [0,98][100,MAX] | [99,99]",
        "0A 4294967295B | [MAX,MAX] | [0,4294967294]",
        "7A | [0,MAX] | ''",
        "0A | [0,MAX] | ''",
        // W15: dskit gives B nothing, for it takes 0 as "no end yet".
        "0A 1B | [1,MAX] | [0,0]",
      })
  void theRangesAreTheKeysWhoseNextTokenIsTheOwners(String circle, String ofA, String ofB) {
    String[] words = circle.split(" ", -1);
    long[] tokens = new long[words.length];
    boolean[] isA = new boolean[words.length];
    boolean[] isB = new boolean[words.length];
    for (int i = 0; i < words.length; i++) {
      isA[i] = words[i].endsWith("A");
      isB[i] = !isA[i];
      tokens[i] = Long.parseLong(words[i].substring(0, words[i].length() - 1));
    }
    assertThat(ranges(tokens, isA)).isEqualTo(ofA);
    assertThat(ranges(tokens, isB)).isEqualTo(ofB);
  }

  /** All circles of six places, spread over both ends and the middle of the real one. */
  @Test
  void everyCircleOfSixPlacesIsCoveredExactly() {
    long[] places = {0, 1, 2, MAX / 2, MAX - 1, MAX};
    int circles = (int) Math.pow(3, places.length);
    for (int circle = 1; circle < circles; circle++) {
      int digits = circle;
      int[] owners = new int[places.length]; // 0 no token, 1 A, 2 B
      for (int i = 0; i < places.length; i++, digits /= 3) {
        owners[i] = digits % 3;
      }
      int[] held = IntStream.range(0, places.length).filter(i -> owners[i] > 0).toArray();
      TokenRanges a = TokenRanges.of(held.length, i -> places[held[i]], i -> owners[held[i]] == 1);
      TokenRanges b = TokenRanges.of(held.length, i -> places[held[i]], i -> owners[held[i]] == 2);
      assertThat(a.keys() + b.keys()).isEqualTo(1L << 32);
      for (long key : new long[] {0, 1, 2, 3, MAX / 2 - 1, MAX / 2, MAX - 2, MAX - 1, MAX}) {
        int owner =
            IntStream.of(held)
                .filter(i -> places[i] > key)
                .map(i -> owners[i])
                .findFirst()
                .orElse(owners[held[0]]);
        assertThat(a.contains((int) key)).as("circle %d key %d", circle, key).isEqualTo(owner == 1);
        assertThat(b.contains((int) key)).isEqualTo(owner == 2);
      }
    }
  }
}
