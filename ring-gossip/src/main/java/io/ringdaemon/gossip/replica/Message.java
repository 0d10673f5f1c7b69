package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Heartbeat;
import java.util.List;

/**
 * What nodes tell each other about values (docs/formats.md). Arrays in messages belong to them and
 * are never altered.
 */
public sealed interface Message {
  /** As a label of metrics. */
  String kind();

  /** Changes, and beacons on their way. */
  record Updates(List<Update<?>> updates, List<Beacon> beacons) implements Message {
    public Updates(List<Update<?>> updates) {
      this(updates, List.of());
    }

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

  /** The named entries are wanted whole. */
  record EntryRequest(String key, List<String> ids) implements Message {
    @Override
    public String kind() {
      return "entry_request";
    }
  }

  /** All that the sender holds, in one number. */
  record Root(long hash) implements Message {
    @Override
    public String kind() {
      return "root";
    }
  }

  /**
   * What the sender holds, key by key; as an answer only what differs.
   *
   * @param exchange chosen by who asks, repeated by the answer
   * @param codecs those the asker understands; none in an answer
   * @param recent by the asker, what changed there lately
   * @param goneKnown by the asker, the hash of the answerer's gone when they were last heard
   * @param goneHash by the answerer, theirs now
   * @param gone by the answerer, if the two differ
   */
  record Summary(
      long exchange,
      boolean answer,
      List<KeySum> keys,
      List<String> codecs,
      List<Stamps> recent,
      long goneKnown,
      long goneHash,
      List<Gone> gone)
      implements Message {
    @Override
    public String kind() {
      return "summary";
    }
  }

  /**
   * A key in numbers.
   *
   * @param generation Unix milliseconds of its last deletion, 0 if never
   * @param content of all entries without their signs of life
   * @param signs of all signs of life
   */
  record KeySum(String key, String codec, long generation, int entries, long content, long signs) {}

  /** Hashes of the content of a key's entries, by bucket of their ids. */
  @SuppressWarnings("ArrayRecordComponent")
  record Buckets(long exchange, String key, long generation, long[] hashes) implements Message {
    @Override
    public String kind() {
      return "buckets";
    }
  }

  /**
   * Entries without their content: all that the sender has in the buckets {@code covered}, or,
   * where that is empty, some that are newer than what the receiver has shown.
   *
   * @param bits there are 2^bits buckets
   * @param piece of {@code messages} that the key needs in this exchange, from 0
   */
  record Stamps(
      long exchange,
      String key,
      String codec,
      long generation,
      int bits,
      List<Integer> covered,
      boolean replyWanted,
      int piece,
      int messages,
      List<Heartbeat> stamps)
      implements Message {
    @Override
    public String kind() {
      return "stamps";
    }
  }

  /**
   * The signs of life of entries that stand at {@code first} and after it, in the order of their
   * ids, in a value whose content is {@code content}.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Signs(
      String key, long generation, long content, int first, long[] timestamps, long[] sequences)
      implements Message {
    @Override
    public String kind() {
      return "signs";
    }
  }

  /** Of another part of the program; the replica has no part in it. */
  @SuppressWarnings("ArrayRecordComponent")
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
