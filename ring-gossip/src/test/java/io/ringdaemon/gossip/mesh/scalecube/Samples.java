package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.Swim;
import io.ringdaemon.proto.SwimGossip;
import io.ringdaemon.proto.SwimMember;
import io.ringdaemon.proto.SwimMetadata;
import io.ringdaemon.proto.SwimPing;
import io.ringdaemon.proto.SwimRecord;
import io.ringdaemon.proto.SwimRumor;
import io.ringdaemon.proto.SwimSync;
import java.util.List;

/** One message of every kind that scalecube sends, with every field filled. */
final class Samples {
  static final String SENDER = "10.0.0.9:7946";

  private Samples() {}

  static List<Swim> everyKind() {
    SwimPing ping =
        SwimPing.newBuilder()
            .setFrom(member("n1"))
            .setTo(member("n2"))
            .setOriginalIssuer(member("n3"))
            .build();
    SwimSync sync =
        SwimSync.newBuilder()
            .addRecords(record("n1", SwimRecord.Status.ALIVE, 0))
            .addRecords(record("n2", SwimRecord.Status.SUSPECT, 3))
            .build();
    SwimGossip gossip =
        SwimGossip.newBuilder()
            .setFrom("id-of-n1")
            .addRumors(
                SwimRumor.newBuilder()
                    .setGossiper("id-of-n2")
                    .setSequence(7)
                    .setRecord(record("n3", SwimRecord.Status.SUSPECT, 1)))
            .build();
    return List.of(
        swim().setPing(ping).build(),
        swim().setPingReq(ping.toBuilder().clearOriginalIssuer()).build(),
        swim().setPingAck(ping.toBuilder().setAck(SwimPing.Ack.DEST_OK)).build(),
        swim().setPingAck(ping.toBuilder().setAck(SwimPing.Ack.DEST_GONE)).build(),
        swim().setSync(sync).build(),
        swim().setSyncAck(sync).clearCorrelationId().build(),
        swim().setGossip(gossip).build(),
        swim().setMetadataRequest(member("n1")).build(),
        swim().setMetadataResponse(SwimMetadata.newBuilder().setMember(member("n1"))).build());
  }

  static SwimRecord record(String name, SwimRecord.Status status, int incarnation) {
    return SwimRecord.newBuilder()
        .setMember(member(name))
        .setStatus(status)
        .setIncarnation(incarnation)
        .build();
  }

  static SwimMember member(String name) {
    return SwimMember.newBuilder()
        .setId("id-of-" + name)
        .setAlias(name + "@1000")
        .setAddress("10.0.0." + name.substring(1) + ":7946")
        .setNamespace("ring")
        .build();
  }

  private static Swim.Builder swim() {
    return Swim.newBuilder().setCorrelationId("c-1").setSender(SENDER);
  }
}
