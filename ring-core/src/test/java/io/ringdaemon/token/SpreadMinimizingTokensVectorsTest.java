package io.ringdaemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.vectors.Vectors;
import org.junit.jupiter.api.Test;

/** Tokens as dskit spreads them. */
class SpreadMinimizingTokensVectorsTest {
  @Test
  void tokensAreThoseOfDskit() {
    for (Vectors.Line line : Vectors.lines("spread-minimizing-tokens.txt")) {
      if (line.about().equals("spread")) {
        Tokens tokens = new SpreadMinimizingTokens(line.number(0), line.number(1)).all();
        assertThat(line.answer().get(0))
            .as("%s", line)
            .startsWith(SpreadMinimizingTokensTest.hash(tokens));
      } else {
        Tokens taken = Vectors.tokens(line.word(4));
        Tokens tokens =
            SpreadMinimizingTokens.of(line.word(0), line.word(1), Vectors.list(line.word(2)))
                .generate(line.number(3), taken::contains);
        assertThat(tokens).as("%s", line).isEqualTo(Vectors.tokens(line.answer().get(0)));
      }
    }
  }
}
