package io.ringdaemon.election;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.election.LeaderRecord.Ended;
import io.ringdaemon.kv.Codec;
import io.ringdaemon.kv.MalformedValueException;
import java.util.Optional;
import java.util.TreeMap;

/** A leader record to protobuf and back (docs/formats.md). */
public final class LeaderRecordCodec implements Codec<LeaderRecord> {
  public static final LeaderRecordCodec INSTANCE = new LeaderRecordCodec();

  /** Beyond it JSON readers lose digits, and nobody could claim a higher one for ever. */
  private static final long HIGHEST_EPOCH = 1L << 53;

  private static final long LONGEST_ABSTENTION = 3_600_000;

  private LeaderRecordCodec() {}

  @Override
  public String id() {
    return "leaderRecord";
  }

  @Override
  public LeaderRecord empty() {
    return LeaderRecord.EMPTY;
  }

  @Override
  public byte[] encode(LeaderRecord leader) {
    io.ringdaemon.proto.LeaderRecord.Builder proto =
        io.ringdaemon.proto.LeaderRecord.newBuilder().setFloor(leader.floor());
    leader
        .claim()
        .ifPresent(
            claim ->
                proto.setClaim(
                    io.ringdaemon.proto.Claim.newBuilder()
                        .setEpoch(claim.epoch())
                        .setInstanceId(claim.instanceId())
                        .setAddr(claim.addr())
                        .setNode(claim.node())
                        .setLife(claim.life())
                        .setSinceMillis(claim.since())
                        .setReleased(claim.released())));
    leader
        .abstentions()
        .forEach(
            (id, abstention) ->
                proto.putAbstentions(
                    id,
                    io.ringdaemon.proto.Abstention.newBuilder()
                        .setSinceMillis(abstention.since())
                        .setUntilMillis(abstention.until())
                        .setEpoch(abstention.epoch())
                        .build()));
    if (!leader.ended().equals(Ended.NOTHING)) {
      proto.setEnded(
          io.ringdaemon.proto.Ended.newBuilder()
              .setEpoch(leader.ended().epoch())
              .setInstanceId(leader.ended().instanceId()));
    }
    return proto.build().toByteArray();
  }

  @Override
  public LeaderRecord decode(byte[] bytes) {
    io.ringdaemon.proto.LeaderRecord proto;
    try {
      proto = io.ringdaemon.proto.LeaderRecord.parseFrom(bytes);
    } catch (InvalidProtocolBufferException malformed) {
      throw new MalformedValueException(
          "not a leader record: " + malformed.getMessage(), malformed);
    }
    TreeMap<String, Abstention> abstentions = new TreeMap<>();
    proto
        .getAbstentionsMap()
        .forEach((id, abstention) -> abstentions.put(id, abstention(abstention)));
    if (proto.getFloor() < 0 || proto.getFloor() > HIGHEST_EPOCH) {
      throw new MalformedValueException("a remembered epoch of " + proto.getFloor());
    }
    return new LeaderRecord(
        proto.hasClaim() ? Optional.of(claim(proto.getClaim())) : Optional.empty(),
        abstentions,
        proto.getFloor(),
        proto.hasEnded() ? ended(proto.getEnded()) : Ended.NOTHING);
  }

  private static Ended ended(io.ringdaemon.proto.Ended proto) {
    if (proto.getEpoch() < 0 || proto.getEpoch() > HIGHEST_EPOCH) {
      throw new MalformedValueException("an end of epoch " + proto.getEpoch());
    }
    return new Ended(proto.getEpoch(), proto.getInstanceId());
  }

  private static Abstention abstention(io.ringdaemon.proto.Abstention proto) {
    long since = proto.getSinceMillis();
    long until = proto.getUntilMillis();
    if (since < 0 || until < since || until - since > LONGEST_ABSTENTION) {
      throw new MalformedValueException("an abstention from %d to %d".formatted(since, until));
    }
    return new Abstention(since, until, proto.getEpoch());
  }

  private static Claim claim(io.ringdaemon.proto.Claim proto) {
    if (proto.getEpoch() <= 0
        || proto.getEpoch() > HIGHEST_EPOCH
        || proto.getInstanceId().isEmpty()) {
      throw new MalformedValueException(
          "a claim needs an instance and an epoch of 1 to 2^53, not " + proto.getEpoch());
    }
    return new Claim(
        proto.getEpoch(),
        proto.getInstanceId(),
        proto.getAddr(),
        proto.getNode(),
        proto.getLife(),
        proto.getSinceMillis(),
        proto.getReleased());
  }
}
