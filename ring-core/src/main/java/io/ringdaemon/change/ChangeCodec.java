package io.ringdaemon.change;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.proto.ChangeAccepted;
import io.ringdaemon.proto.ChangeRequest;
import io.ringdaemon.proto.ChangeResult;
import io.ringdaemon.proto.ForgetUnhealthy;
import java.util.Optional;

/** Messages about changes to protobuf and back (docs/formats.md). Stateless, any thread. */
public final class ChangeCodec {
  private ChangeCodec() {}

  public static byte[] encode(ChangeMessage message) {
    io.ringdaemon.proto.ChangeMessage.Builder proto =
        io.ringdaemon.proto.ChangeMessage.newBuilder();
    if (message instanceof ChangeMessage.Ask ask) {
      proto.setAsk(request(ask.request()));
    } else if (message instanceof ChangeMessage.Apply apply) {
      proto.setApply(request(apply.request()));
    } else if (message instanceof ChangeMessage.Accepted accepted) {
      proto.setAccepted(ChangeAccepted.newBuilder().setId(accepted.id()));
    } else if (message instanceof ChangeMessage.Told told) {
      proto.setResult(result(told.id(), told.result()));
    } else if (message instanceof ChangeMessage.Applied applied) {
      proto.setApplied(result(applied.id(), applied.result()));
    } else if (message instanceof ChangeMessage.NotLeading not) {
      proto.getNotLeadingBuilder().setId(not.id()).setEpoch(not.epoch());
      not.leader()
          .ifPresent(
              node -> proto.getNotLeadingBuilder().setNode(node.name()).setLife(node.life()));
    }
    return proto.build().toByteArray();
  }

  private static ChangeRequest request(Request request) {
    ChangeRequest.Builder proto =
        ChangeRequest.newBuilder()
            .setId(request.id())
            .setEpoch(request.epoch())
            .addAllBaseVersions(request.baseVersions())
            .setActor(request.actor());
    if (request.change() instanceof Change.Forget forget) {
      proto.getForgetBuilder().addAllIds(forget.ids()).setAllOrNothing(forget.allOrNothing());
    } else if (request.change() instanceof Change.ForgetUnhealthy) {
      proto.setForgetUnhealthy(ForgetUnhealthy.getDefaultInstance());
    } else if (request.change() instanceof Change.SetReadOnly set) {
      proto.getReadOnlyBuilder().setInstanceId(set.instanceId()).setOn(set.on());
    } else if (request.change() instanceof Change.Resign resign) {
      proto.getResignBuilder().setLeaderId(resign.leaderId()).setEpoch(resign.epoch());
    }
    return proto.build();
  }

  private static ChangeResult result(String id, Result result) {
    return ChangeResult.newBuilder()
        .setId(id)
        .setOutcome(
            switch (result.outcome()) {
              case DONE -> ChangeResult.Outcome.DONE;
              case STALE -> ChangeResult.Outcome.STALE;
              case REFUSED -> ChangeResult.Outcome.REFUSED;
            })
        .setVersion(result.version())
        .setWhy(result.why())
        .addAllForgotten(result.forgotten())
        .addAllAbsent(result.absent())
        .addAllUnknown(result.unknown())
        .addAllLiving(result.living())
        .setRing(ByteString.copyFrom(RingCodec.INSTANCE.encode(result.entries())))
        .setLeader(ByteString.copyFrom(LeaderRecordCodec.INSTANCE.encode(result.leader())))
        .build();
  }

  /** Fails with {@link MalformedValueException}, whatever the bytes are. */
  public static ChangeMessage decode(byte[] bytes) {
    try {
      io.ringdaemon.proto.ChangeMessage proto = io.ringdaemon.proto.ChangeMessage.parseFrom(bytes);
      return switch (proto.getKindCase()) {
        case ASK -> new ChangeMessage.Ask(request(proto.getAsk()));
        case APPLY -> new ChangeMessage.Apply(request(proto.getApply()));
        case ACCEPTED -> new ChangeMessage.Accepted(proto.getAccepted().getId());
        case RESULT -> new ChangeMessage.Told(proto.getResult().getId(), result(proto.getResult()));
        case APPLIED ->
            new ChangeMessage.Applied(proto.getApplied().getId(), result(proto.getApplied()));
        case NOT_LEADING -> notLeading(proto.getNotLeading());
        case KIND_NOT_SET ->
            throw new MalformedValueException("a message of a kind this version does not know");
      };
    } catch (InvalidProtocolBufferException | IllegalArgumentException malformed) {
      throw new MalformedValueException(
          "not a message about a change: " + malformed.getMessage(), malformed);
    }
  }

  private static ChangeMessage notLeading(io.ringdaemon.proto.NotLeading proto) {
    return new ChangeMessage.NotLeading(
        proto.getId(),
        proto.getNode().isEmpty()
            ? Optional.empty()
            : Optional.of(new ChangeMessage.Node(proto.getNode(), proto.getLife())),
        proto.getEpoch());
  }

  private static Request request(ChangeRequest proto) {
    Change change =
        switch (proto.getChangeCase()) {
          case FORGET ->
              new Change.Forget(
                  proto.getForget().getIdsList(), proto.getForget().getAllOrNothing());
          case FORGET_UNHEALTHY -> new Change.ForgetUnhealthy();
          case READ_ONLY ->
              new Change.SetReadOnly(
                  proto.getReadOnly().getInstanceId(), proto.getReadOnly().getOn());
          case RESIGN ->
              new Change.Resign(proto.getResign().getLeaderId(), proto.getResign().getEpoch());
          case CHANGE_NOT_SET ->
              throw new MalformedValueException("a change of a kind this version does not know");
        };
    return new Request(
        proto.getId(), change, proto.getEpoch(), proto.getBaseVersionsList(), proto.getActor());
  }

  private static Result result(ChangeResult proto) {
    Result.Outcome outcome =
        switch (proto.getOutcome()) {
          case DONE -> Result.Outcome.DONE;
          case STALE -> Result.Outcome.STALE;
          case REFUSED -> Result.Outcome.REFUSED;
          case UNKNOWN, UNRECOGNIZED ->
              throw new MalformedValueException("an outcome this version does not know");
        };
    return new Result(
        outcome,
        proto.getVersion(),
        proto.getWhy(),
        proto.getForgottenList(),
        proto.getAbsentList(),
        proto.getUnknownList(),
        proto.getLivingList(),
        RingCodec.INSTANCE.decode(proto.getRing().toByteArray()),
        LeaderRecordCodec.INSTANCE.decode(proto.getLeader().toByteArray()));
  }
}
