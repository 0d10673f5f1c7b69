package io.ringdaemon.token;

import java.util.function.IntPredicate;

/** Draws tokens for an instance. */
public interface TokenGenerator {
  /**
   * {@code count} tokens that are not {@code taken} (asked with the raw 32-bit pattern) and not
   * double; none for a count of zero or less.
   */
  Tokens generate(int count, IntPredicate taken);
}
