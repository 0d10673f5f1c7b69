package io.ringdaemon.kv;

/**
 * Carries messages from node to node for parts that need more than shared values: a hand-over, a
 * change to be carried out elsewhere. Loss is normal: nothing that is sent is promised to arrive,
 * and it may arrive twice.
 *
 * <p><b>Threading:</b> confined to the loop.
 */
public interface Courier {
  /** Hears the messages of one topic. */
  interface Receiver {
    /** A message came from a life of a node; {@code message} belongs to the receiver. */
    void received(String node, long life, byte[] message);
  }

  /** Sends to one life of a node; lost (and counted) if it is unknown or out of reach. */
  void send(String node, long life, String topic, byte[] message);

  /** Who hears {@code topic} from now on; at most one receiver a topic. */
  void receive(String topic, Receiver receiver);
}
