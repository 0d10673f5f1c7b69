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

  /** A life of a node that the sender has seen go: said goodbye ({@code left}) or fell silent. */
  record Gone(String name, long life, boolean left, long agoMillis) {}
}
