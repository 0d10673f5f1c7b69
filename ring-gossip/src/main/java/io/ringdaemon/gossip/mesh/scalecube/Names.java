package io.ringdaemon.gossip.mesh.scalecube;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The domain name system. Stages complete within some seconds, on any thread, and fail with {@link
 * Unknown}. Nothing blocks, nothing is kept: each question is asked anew.
 */
interface Names {
  /** Most records taken from one answer. */
  int MOST = 1_000;

  /** A and AAAA records, those of the hosts file first. Not empty. */
  CompletionStage<List<InetAddress>> addresses(String name);

  /** SRV records. Not empty. */
  CompletionStage<List<Target>> services(String name);

  /** What an SRV record points to; {@code host} may end with a dot. */
  record Target(String host, int port) {}

  /** There is no answer, or none that helps; the message says why in words. */
  final class Unknown extends Exception {
    private static final long serialVersionUID = 1;

    Unknown(String why) {
      super(why);
    }
  }
}
