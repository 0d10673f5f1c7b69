package io.ringdaemon.gossip.replica;

/**
 * How often a change is passed on: enough that everybody has it with great likelihood (SWIM paper
 * 4.1).
 */
final class RetransmitLimit {
  private static final int MULTIPLIER = 4;

  private RetransmitLimit() {}

  static int of(int peers) {
    return MULTIPLIER * (int) Math.ceil(Math.log10(peers + 2));
  }
}
