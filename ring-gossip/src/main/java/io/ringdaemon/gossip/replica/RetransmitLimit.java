package io.ringdaemon.gossip.replica;

/**
 * How often each node passes a change on: ln N + 1 times, rounded up. With ln N + c everybody has
 * it with a chance of e^(-e^-c) (Erdős and Rényi; Eugster et al. 2004), here seven in ten or more;
 * for the rest a digest closes the hole within about a second, which costs less than more copies of
 * every change to everybody.
 */
final class RetransmitLimit {
  private RetransmitLimit() {}

  static int of(int peers) {
    return 1 + (int) Math.ceil(Math.log(peers + 1));
  }
}
