package io.scalecube.cluster.fdetector;

import io.ringdaemon.proto.SwimPing;
import io.scalecube.cluster.Member;
import io.scalecube.cluster.fdetector.PingData.AckType;
import io.scalecube.cluster.membership.MembershipDoor;

/**
 * Our way to scalecube's package-private ping payload: turns it into protobuf and back. What is
 * read must have been checked before. Source: reference/scalecube.md 4.3 A. Stateless.
 */
public final class PingDoor {
  private PingDoor() {}

  public static SwimPing write(Object data) {
    PingData ping = (PingData) data;
    SwimPing.Builder out =
        SwimPing.newBuilder()
            .setFrom(MembershipDoor.writeMember(ping.getFrom()))
            .setTo(MembershipDoor.writeMember(ping.getTo()))
            .setAck(writeAck(ping.getAckType()));
    Member issuer = ping.getOriginalIssuer();
    if (issuer != null) {
      out.setOriginalIssuer(MembershipDoor.writeMember(issuer));
    }
    return out.build();
  }

  public static Object read(SwimPing ping) {
    Member from = MembershipDoor.readMember(ping.getFrom());
    Member to = MembershipDoor.readMember(ping.getTo());
    PingData data =
        ping.hasOriginalIssuer()
            ? new PingData(from, to, MembershipDoor.readMember(ping.getOriginalIssuer()))
            : new PingData(from, to);
    return switch (ping.getAck()) {
      case NONE -> data;
      case DEST_OK -> data.withAckType(AckType.DEST_OK);
      case DEST_GONE -> data.withAckType(AckType.DEST_GONE);
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown ack");
    };
  }

  private static SwimPing.Ack writeAck(AckType ack) {
    if (ack == null) {
      return SwimPing.Ack.NONE;
    }
    return ack == AckType.DEST_OK ? SwimPing.Ack.DEST_OK : SwimPing.Ack.DEST_GONE;
  }
}
