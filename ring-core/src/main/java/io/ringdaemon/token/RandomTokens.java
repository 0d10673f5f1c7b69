package io.ringdaemon.token;

import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/** Uniform tokens (reference/ring-semantics.md 4.1). Confined to the loop, as its chance is. */
public final class RandomTokens implements TokenGenerator {
  private final RandomGenerator chance;

  public RandomTokens(RandomGenerator chance) {
    this.chance = chance;
  }

  @Override
  public Tokens generate(int count, IntPredicate taken) {
    Set<Integer> drawn = new HashSet<>();
    while (drawn.size() < count) {
      int token = chance.nextInt();
      if (!taken.test(token)) {
        drawn.add(token);
      }
    }
    return Tokens.ofInts(drawn);
  }
}
