package io.ringdaemon.ring;

/** Asked for the token ranges of an instance where the answer is not a few ranges of its zone. */
public final class NoTokenRanges extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NoTokenRanges(String ring, String why) {
    super("no token ranges in ring " + ring + ": " + why);
  }
}
