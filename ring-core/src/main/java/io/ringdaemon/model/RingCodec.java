package io.ringdaemon.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.Hashes;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.proto.Desc;
import io.ringdaemon.token.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A ring to protobuf and back, byte-compatible with dskit's {@code ringDesc}
 * (reference/ring-semantics.md 1.1 to 1.3). The Snappy layer is not here. Encoding is canonical:
 * instances in the order of their ids, fields ascending, unknown fields last.
 */
public final class RingCodec implements Codec<RingDesc> {
  public static final RingCodec INSTANCE = new RingCodec();

  /** Seconds beyond it are no moment that Java can tell. */
  private static final long LATEST = 1L << 53;

  private RingCodec() {}

  @Override
  public String id() {
    return "ringDesc";
  }

  @Override
  public RingDesc empty() {
    return RingDesc.EMPTY;
  }

  @Override
  public byte[] encode(RingDesc ring) {
    Desc.Builder desc = Desc.newBuilder();
    ring.entries().forEach(entry -> desc.putIngesters(entry.id(), toProto(entry)));
    return canonical(desc.build());
  }

  @Override
  public RingDesc decode(byte[] bytes) {
    try {
      List<InstanceDesc> entries = new ArrayList<>();
      for (Map.Entry<String, io.ringdaemon.proto.InstanceDesc> entry :
          Desc.parseFrom(bytes).getIngestersMap().entrySet()) {
        entries.add(fromProto(entry.getKey(), entry.getValue()));
      }
      return RingDesc.of(entries);
    } catch (InvalidProtocolBufferException malformed) {
      throw new MalformedValueException("not a ring: " + malformed.getMessage(), malformed);
    }
  }

  /** The bytes that decide between two entries equal in all that comes before in the order. */
  static byte[] canonical(InstanceDesc entry) {
    return canonical(toProto(entry));
  }

  /** FNV-1a 64 over the canonical bytes without timestamp and sequence (docs/formats.md). */
  static long hash(EntryBody body) {
    return Hashes.fnv64(canonical(new InstanceDesc(body, 0, 0)));
  }

  /** Bytes the entry takes inside an encoded ring, about. */
  static int size(InstanceDesc entry) {
    return toProto(entry).getSerializedSize() + entry.id().length() + 10;
  }

  private static io.ringdaemon.proto.InstanceDesc toProto(InstanceDesc entry) {
    io.ringdaemon.proto.InstanceDesc.Builder proto =
        io.ringdaemon.proto.InstanceDesc.newBuilder()
            .setId(entry.id())
            .setAddr(entry.addr())
            .setTimestamp(entry.timestamp())
            .setStateValue(entry.stateNumber())
            .setZone(entry.zone())
            .setRegisteredTimestamp(entry.registered())
            .setReadOnly(entry.readOnly().on())
            .setReadOnlyUpdatedTimestamp(entry.readOnly().updated())
            .putAllVersions(entry.versions())
            .setSequence(entry.sequence())
            .setNode(entry.origin().node())
            .setLife(entry.origin().life())
            .setFailingCheck(entry.origin().failingCheck());
    entry.tokens().ints().forEach(proto::addTokens);
    if (!entry.unknown().isEmpty()) {
      proto.setUnknownFields(unknownFields(entry.unknown()));
    }
    return proto.build();
  }

  private static InstanceDesc fromProto(String id, io.ringdaemon.proto.InstanceDesc proto) {
    EntryBody.Draft draft = new EntryBody.Draft(id);
    draft.addr = proto.getAddr();
    draft.stateNumber = proto.getStateValue();
    draft.tokens = Tokens.ofInts(IntStream.range(0, proto.getTokensCount()).map(proto::getTokens));
    draft.zone = proto.getZone();
    draft.registered = time(id, "registered_timestamp", proto.getRegisteredTimestamp());
    draft.readOnly =
        new InstanceDesc.ReadOnly(
            proto.getReadOnly(),
            time(id, "read_only_updated_timestamp", proto.getReadOnlyUpdatedTimestamp()));
    draft.versions = proto.getVersionsMap();
    draft.origin =
        new InstanceDesc.Origin(proto.getNode(), proto.getLife(), proto.getFailingCheck());
    draft.unknown = proto.getUnknownFields().toByteString();
    return new InstanceDesc(
        new EntryBody(draft), time(id, "timestamp", proto.getTimestamp()), proto.getSequence());
  }

  /** A moment no calendar has would fail far from here, each time somebody looked at it. */
  private static long time(String id, String field, long seconds) {
    if (seconds < 0 || seconds > LATEST) {
      throw new MalformedValueException("instance %s has a %s of %d".formatted(id, field, seconds));
    }
    return seconds;
  }

  private static UnknownFieldSet unknownFields(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("unknown fields that once parsed no longer do", impossible);
    }
  }

  private static byte[] canonical(com.google.protobuf.Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes;
  }
}
