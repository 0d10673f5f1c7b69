package io.ringdaemon.token;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instance's place in a row of names such as {@code store-0, store-1, ...}: spread-minimizing
 * tokens of one assume that all before it hold theirs, so it should join after its predecessor
 * (reference/ring-semantics.md 4.2, CanJoin).
 *
 * @param prefix what stands before the number, ending in {@code -}
 * @param ordinal the number at the end
 */
public record JoinOrder(String prefix, int ordinal) {
  private static final Pattern NAME = Pattern.compile("(.*-)(\\d+)");

  public JoinOrder {
    if (ordinal < 0) {
      throw new IllegalArgumentException("ordinal must be 0 or more, not " + ordinal);
    }
  }

  /**
   * The place of {@code instance}.
   *
   * @throws IllegalArgumentException its name doesn't end in {@code -} and a number
   */
  public static JoinOrder of(String instance) {
    Matcher name = NAME.matcher(instance);
    if (!name.matches()) {
      throw new IllegalArgumentException(
          "instance id %s must end in - and an ordinal, as store-3 does".formatted(instance));
    }
    try {
      return new JoinOrder(name.group(1), Integer.parseInt(name.group(2)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "instance id %s ends in an ordinal above %d".formatted(instance, Integer.MAX_VALUE), e);
    }
  }

  /**
   * The instance that must join first; empty if this one may join.
   *
   * @param holdsTokens whether the instance of that id is in the ring with at least one token
   */
  public Optional<String> waitsFor(Predicate<String> holdsTokens) {
    if (ordinal == 0) {
      return Optional.empty();
    }
    return Optional.of(prefix + (ordinal - 1)).filter(holdsTokens.negate());
  }
}
