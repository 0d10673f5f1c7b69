package io.ringdaemon.ring;

import io.ringdaemon.token.Tokens;
import java.util.Arrays;

/** What turns one set of tokens into another: those gone and those come, in unsigned order. */
final class TokenChange {
  private final int[] tokens;
  private final boolean[] added;

  private TokenChange(int[] tokens, boolean[] added) {
    this.tokens = tokens;
    this.added = added;
  }

  static TokenChange between(Tokens before, Tokens after) {
    int[] tokens = new int[before.size() + after.size()];
    boolean[] added = new boolean[tokens.length];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      long gone = i < before.size() ? before.at(i) : Long.MAX_VALUE;
      long come = j < after.size() ? after.at(j) : Long.MAX_VALUE;
      if (gone != come) {
        added[count] = come < gone;
        tokens[count++] = (int) Math.min(gone, come);
      }
      i += gone <= come ? 1 : 0;
      j += come <= gone ? 1 : 0;
    }
    return new TokenChange(Arrays.copyOf(tokens, count), Arrays.copyOf(added, count));
  }

  int count() {
    return tokens.length;
  }

  /** A raw 32-bit pattern. */
  int token(int index) {
    return tokens[index];
  }

  boolean added(int index) {
    return added[index];
  }

  boolean[] added() {
    return added;
  }
}
