package io.ringdaemon.gossip.wire;

import static io.ringdaemon.gossip.wire.Limits.limited;
import static io.ringdaemon.gossip.wire.Limits.name;
import static io.ringdaemon.gossip.wire.Limits.time;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.ringdaemon.gossip.replica.Beacon;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Message.Buckets;
import io.ringdaemon.gossip.replica.Message.Direct;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.Root;
import io.ringdaemon.gossip.replica.Message.Signs;
import io.ringdaemon.gossip.replica.Message.Stamps;
import io.ringdaemon.gossip.replica.Message.Summary;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.gossip.replica.Update;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.proto.GossipMessage;
import io.ringdaemon.proto.KeyValuePair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Messages to bytes and back (docs/formats.md). Values are Snappy blocks, each decoded by the codec
 * its id names; a value of an unknown codec is left out, so that a newer peer may gossip more
 * kinds. Stateless; any thread.
 */
public final class MessageCodec {
  private static final int MOST_BEACONS = 1_000;

  private final Map<String, Codec<?>> codecs;

  public MessageCodec(Collection<Codec<?>> codecs) {
    this.codecs = codecs.stream().collect(Collectors.toMap(Codec::id, Function.identity()));
  }

  public byte[] encode(Message message, Instant now) {
    GossipMessage.Builder proto = GossipMessage.newBuilder();
    if (message instanceof Updates updates) {
      proto
          .getUpdatesBuilder()
          .addAllPairs(updates.updates().stream().map(update -> pair(update, now)).toList())
          .addAllBeacons(updates.beacons().stream().map(MessageCodec::beacon).toList());
    } else if (message instanceof Heartbeats heartbeats) {
      proto
          .getHeartbeatsBuilder()
          .setKey(heartbeats.key())
          .addAllBeats(heartbeats.beats().stream().map(DigestCodec::beat).toList());
    } else if (message instanceof EntryRequest request) {
      proto.getEntryRequestBuilder().setKey(request.key()).addAllIds(request.ids());
    } else if (message instanceof Root root) {
      proto.getRootBuilder().setHash(root.hash());
    } else if (message instanceof Summary summary) {
      proto.setSummary(DigestCodec.encode(summary));
    } else if (message instanceof Buckets buckets) {
      proto.setBuckets(DigestCodec.encode(buckets));
    } else if (message instanceof Stamps stamps) {
      proto.setStamps(DigestCodec.encode(stamps));
    } else if (message instanceof Signs signs) {
      proto.setSigns(DigestCodec.encode(signs));
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
      case UPDATES ->
          new Updates(
              updates(proto.getUpdates().getPairsList()),
              limited(proto.getUpdates().getBeaconsList(), MOST_BEACONS).stream()
                  .map(MessageCodec::beacon)
                  .toList());
      case HEARTBEATS ->
          new Heartbeats(
              name(proto.getHeartbeats().getKey()),
              DigestCodec.beats(proto.getHeartbeats().getBeatsList()));
      case ENTRY_REQUEST ->
          new EntryRequest(
              name(proto.getEntryRequest().getKey()),
              limited(proto.getEntryRequest().getIdsList()));
      case ROOT -> new Root(proto.getRoot().getHash());
      case SUMMARY -> DigestCodec.decode(proto.getSummary(), codecs::containsKey);
      case BUCKETS -> DigestCodec.decode(proto.getBuckets());
      case STAMPS -> DigestCodec.decode(proto.getStamps());
      case SIGNS -> DigestCodec.decode(proto.getSigns());
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

  /** A deletion without entries has no value, only its generation. */
  private static <V extends Mergeable<V>> KeyValuePair pair(Update<V> update, Instant now) {
    KeyValuePair.Builder pair =
        KeyValuePair.newBuilder()
            .setKey(update.key().name())
            .setCodec(update.key().codec().id())
            .setUpdateTimeMillis(now.toEpochMilli())
            .setGeneration(update.generation());
    if (update.value().content().isEmpty()) {
      return pair.setDeleted(true).build();
    }
    byte[] value = SnappyBlock.compress(update.key().codec().encode(update.value()));
    return pair.setValue(UnsafeByteOperations.unsafeWrap(value)).build();
  }

  private List<Update<?>> updates(List<KeyValuePair> pairs) {
    List<Update<?>> updates = new ArrayList<>();
    for (KeyValuePair pair : limited(pairs)) {
      Codec<?> codec = codecs.get(pair.getCodec());
      if (codec != null) {
        updates.add(update(pair, codec));
      }
    }
    return updates;
  }

  private static <V extends Mergeable<V>> Update<V> update(KeyValuePair pair, Codec<V> codec) {
    V value =
        pair.getDeleted()
            ? codec.empty()
            : codec.decode(SnappyBlock.decompress(pair.getValue().toByteArray()));
    return new Update<>(new Key<>(name(pair.getKey()), codec), time(pair.getGeneration()), value);
  }

  private static io.ringdaemon.proto.Beacon beacon(Beacon beacon) {
    return io.ringdaemon.proto.Beacon.newBuilder()
        .setNode(beacon.node())
        .setLife(beacon.life())
        .setSequence(beacon.sequence())
        .setAgeMicros(beacon.ageMicros())
        .build();
  }

  private static Beacon beacon(io.ringdaemon.proto.Beacon proto) {
    return new Beacon(
        name(proto.getNode()), proto.getLife(), proto.getSequence(), time(proto.getAgeMicros()));
  }
}
