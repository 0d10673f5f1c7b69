package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Heartbeat;
import java.util.List;

/** What nodes tell each other about values (docs/formats.md). */
public sealed interface Message {
  /** As a label of metrics. */
  String kind();

  /** Changes. */
  record Updates(List<Update<?>> updates) implements Message {
    @Override
    public String kind() {
      return "updates";
    }
  }

  /** Signs of life of entries under one key. */
  record Heartbeats(String key, List<Heartbeat> beats) implements Message {
    @Override
    public String kind() {
      return "heartbeats";
    }
  }

  /**
   * A piece of everything the sender holds.
   *
   * @param replyWanted the same is wanted in return, once this last piece has arrived
   */
  record State(List<Update<?>> updates, boolean replyWanted, boolean last, List<Gone> gone)
      implements Message {
    @Override
    public String kind() {
      return "state";
    }
  }

  /** The named entries are wanted whole. */
  record EntryRequest(String key, List<String> ids) implements Message {
    @Override
    public String kind() {
      return "entry_request";
    }
  }

  /** Of another part of the program; the replica has no part in it. */
  @SuppressWarnings("ArrayRecordComponent") // bytes that belong to one owner, never compared
  record Direct(String topic, byte[] body) implements Message {
    public static final int LONGEST_TOPIC = 64;
    public static final int LARGEST_BODY = 256 << 10;

    /** Refuses, with the limit in the message, what no peer would take. */
    public Direct {
      if (topic.isEmpty() || topic.length() > LONGEST_TOPIC || body.length > LARGEST_BODY) {
        throw new IllegalArgumentException(
            "a direct message has a topic of 1 to %d characters and at most %d bytes, not %d and %d"
                .formatted(LONGEST_TOPIC, LARGEST_BODY, topic.length(), body.length));
      }
    }

    @Override
    public String kind() {
      return "direct";
    }
  }

  /** A life of a node that the sender has seen go: said goodbye ({@code left}) or fell silent. */
  record Gone(String name, long life, boolean left, long agoMillis) {}
}
