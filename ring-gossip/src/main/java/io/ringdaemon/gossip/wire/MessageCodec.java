package io.ringdaemon.gossip.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Message.Direct;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.State;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.gossip.replica.Update;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.proto.GonePeer;
import io.ringdaemon.proto.GossipMessage;
import io.ringdaemon.proto.KeyValuePair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Messages to bytes and back (docs/formats.md). Values are Snappy blocks, each decoded by the codec
 * its id names; a value of an unknown codec is left out, so that a newer peer may gossip more
 * kinds. Stateless; any thread.
 */
public final class MessageCodec {
  private static final int MOST_IDS = 10_000;
  private static final int LONGEST_NAME = 1_024;
  private static final long LATEST = 1L << 53; // as RingCodec
  private static final long LONGEST_AGO = TimeUnit.DAYS.toMillis(3_650);

  private final Map<String, Codec<?>> codecs;

  public MessageCodec(Collection<Codec<?>> codecs) {
    this.codecs = codecs.stream().collect(Collectors.toMap(Codec::id, Function.identity()));
  }

  public byte[] encode(Message message, Instant now) {
    GossipMessage.Builder proto = GossipMessage.newBuilder();
    if (message instanceof Updates updates) {
      proto.getUpdatesBuilder().addAllPairs(pairs(updates.updates(), now));
    } else if (message instanceof State state) {
      proto
          .getStateBuilder()
          .addAllPairs(pairs(state.updates(), now))
          .setReplyWanted(state.replyWanted())
          .setLast(state.last())
          .addAllGone(state.gone().stream().map(MessageCodec::gone).toList());
    } else if (message instanceof Heartbeats heartbeats) {
      proto
          .getHeartbeatsBuilder()
          .setKey(heartbeats.key())
          .addAllBeats(heartbeats.beats().stream().map(MessageCodec::beat).toList());
    } else if (message instanceof EntryRequest request) {
      proto.getEntryRequestBuilder().setKey(request.key()).addAllIds(request.ids());
    } else if (message instanceof Direct direct) {
      proto
          .getDirectBuilder()
          .setTopic(direct.topic())
          .setBody(UnsafeByteOperations.unsafeWrap(direct.body()));
    }
    return proto.build().toByteArray();
  }

  /** Fails with {@link MalformedValueException}, whatever the bytes are. */
  public Message decode(byte[] bytes) {
    GossipMessage proto;
    try {
      proto = GossipMessage.parseFrom(bytes);
    } catch (InvalidProtocolBufferException malformed) {
      throw new MalformedValueException("not a message: " + malformed.getMessage(), malformed);
    }
    return switch (proto.getKindCase()) {
      case UPDATES -> new Updates(updates(proto.getUpdates().getPairsList()));
      case STATE ->
          new State(
              updates(proto.getState().getPairsList()),
              proto.getState().getReplyWanted(),
              proto.getState().getLast(),
              limited(proto.getState().getGoneList()).stream().map(MessageCodec::gone).toList());
      case HEARTBEATS ->
          new Heartbeats(
              name(proto.getHeartbeats().getKey()),
              limited(proto.getHeartbeats().getBeatsList()).stream()
                  .map(MessageCodec::beat)
                  .toList());
      case ENTRY_REQUEST ->
          new EntryRequest(
              name(proto.getEntryRequest().getKey()),
              limited(proto.getEntryRequest().getIdsList()));
      case DIRECT -> direct(proto.getDirect());
      case KIND_NOT_SET ->
          throw new MalformedValueException("a message of a kind this version does not know");
    };
  }

  private static Direct direct(io.ringdaemon.proto.Direct proto) {
    try {
      return new Direct(proto.getTopic(), proto.getBody().toByteArray());
    } catch (IllegalArgumentException refused) {
      throw new MalformedValueException("not a direct message: " + refused.getMessage(), refused);
    }
  }

  private static <T> List<T> limited(List<T> some) {
    if (some.size() > MOST_IDS) {
      throw new MalformedValueException("a message names %d entries".formatted(some.size()));
    }
    return List.copyOf(some);
  }

  private static String name(String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new MalformedValueException("a name of %d characters".formatted(name.length()));
    }
    return name;
  }

  private static List<KeyValuePair> pairs(List<Update<?>> updates, Instant now) {
    return updates.stream().map(update -> pair(update, now)).toList();
  }

  private static <V extends Mergeable<V>> KeyValuePair pair(Update<V> update, Instant now) {
    byte[] value = SnappyBlock.compress(update.key().codec().encode(update.value()));
    return KeyValuePair.newBuilder()
        .setKey(update.key().name())
        .setCodec(update.key().codec().id())
        .setValue(ByteString.copyFrom(value))
        .setUpdateTimeMillis(now.toEpochMilli())
        .build();
  }

  private List<Update<?>> updates(List<KeyValuePair> pairs) {
    List<Update<?>> updates = new ArrayList<>();
    for (KeyValuePair pair : limited(pairs)) {
      Codec<?> codec = codecs.get(pair.getCodec());
      if (codec != null) {
        updates.add(update(name(pair.getKey()), codec, pair.getValue().toByteArray()));
      }
    }
    return updates;
  }

  private static <V extends Mergeable<V>> Update<V> update(
      String key, Codec<V> codec, byte[] value) {
    return new Update<>(new Key<>(key, codec), codec.decode(SnappyBlock.decompress(value)));
  }

  private static io.ringdaemon.proto.Heartbeat beat(Heartbeat beat) {
    return io.ringdaemon.proto.Heartbeat.newBuilder()
        .setId(beat.id())
        .setTimestamp(beat.timestamp())
        .setSequence(beat.sequence())
        .setHash(beat.hash())
        .build();
  }

  private static Heartbeat beat(io.ringdaemon.proto.Heartbeat proto) {
    if (proto.getTimestamp() < 0 || proto.getTimestamp() > LATEST) {
      throw new MalformedValueException("a heartbeat of " + proto.getTimestamp());
    }
    return new Heartbeat(
        name(proto.getId()), proto.getTimestamp(), proto.getSequence(), proto.getHash());
  }

  private static GonePeer gone(Gone gone) {
    return GonePeer.newBuilder()
        .setName(gone.name())
        .setLife(gone.life())
        .setLeft(gone.left())
        .setAgoMillis(gone.agoMillis())
        .build();
  }

  private static Gone gone(GonePeer proto) {
    return new Gone(
        name(proto.getName()),
        proto.getLife(),
        proto.getLeft(),
        Math.max(0, Math.min(LONGEST_AGO, proto.getAgoMillis())));
  }
}
