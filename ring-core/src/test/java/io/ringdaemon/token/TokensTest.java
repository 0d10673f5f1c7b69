package io.ringdaemon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokensTest {
  @Test
  void tokensAreUnsignedSortedAndUnique() {
    Tokens tokens = Tokens.of(4294967295L, 5, 300, 5);
    assertThat(tokens.longs()).containsExactly(5L, 300L, 4294967295L);
    assertThat(tokens.at(0)).isEqualTo(5);
    assertThat(tokens.contains(-1)).isTrue();
    assertThat(tokens.contains(6)).isFalse();
    assertThat(Tokens.of(5, 300).plus(Tokens.of(4294967295L))).isEqualTo(tokens);
  }

  @Test
  void whatIsNotOnTheCircleIsRefused() {
    assertThatThrownBy(() -> Tokens.of(1L << 32)).hasMessageContaining("4294967296");
    assertThatThrownBy(() -> Tokens.of(-1)).hasMessageContaining("-1");
  }

  @Test
  void drawnTokensAreAsManyAsAskedAndNoneIsTaken() {
    RandomTokens random = new RandomTokens(new SplittableRandom(3));
    Tokens first = random.generate(128, token -> false);
    Tokens second = random.generate(128, first::contains);
    assertThat(first.size()).isEqualTo(128);
    assertThat(first.plus(second).size()).isEqualTo(256);
    assertThat(random.generate(0, token -> false)).isEqualTo(Tokens.NONE);
  }

  @Test
  void keysAreHashedByFnv1a() {
    assertThat(KeyHash.of("")).isEqualTo(0x811c9dc5);
    assertThat(KeyHash.of("a")).isEqualTo(0xe40c292c);
    assertThat(KeyHash.of("foobar")).isEqualTo(0xbf9cf968);
  }
}
