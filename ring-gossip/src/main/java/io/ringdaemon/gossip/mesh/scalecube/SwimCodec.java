package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.Swim;
import io.scalecube.cluster.fdetector.FailureDetectorImpl;
import io.scalecube.cluster.fdetector.PingDoor;
import io.scalecube.cluster.gossip.GossipDoor;
import io.scalecube.cluster.gossip.GossipProtocolImpl;
import io.scalecube.cluster.membership.MembershipDoor;
import io.scalecube.cluster.membership.MembershipProtocolImpl;
import io.scalecube.cluster.metadata.MetadataDoor;
import io.scalecube.cluster.metadata.MetadataStoreImpl;
import io.scalecube.cluster.transport.api.Message;

/**
 * Scalecube's messages as protobuf: a closed list of eight kinds, anything else is refused. Source:
 * reference/scalecube.md 4.2–4.4. Stateless.
 */
final class SwimCodec {
  private SwimCodec() {}

  /**
   * @throws IllegalArgumentException a kind that is not on the list
   */
  static Swim encode(Message message) {
    Swim.Builder swim = Swim.newBuilder();
    String correlation = message.correlationId();
    if (correlation != null) {
      swim.setCorrelationId(correlation);
    }
    String sender = message.sender();
    if (sender != null) {
      swim.setSender(sender);
    }
    Object data = message.data();
    String kind = message.qualifier();
    switch (kind) {
      case FailureDetectorImpl.PING -> swim.setPing(PingDoor.write(data));
      case FailureDetectorImpl.PING_REQ -> swim.setPingReq(PingDoor.write(data));
      case FailureDetectorImpl.PING_ACK -> swim.setPingAck(PingDoor.write(data));
      case MembershipProtocolImpl.SYNC -> swim.setSync(MembershipDoor.writeSync(data));
      case MembershipProtocolImpl.SYNC_ACK -> swim.setSyncAck(MembershipDoor.writeSync(data));
      case GossipProtocolImpl.GOSSIP_REQ -> swim.setGossip(GossipDoor.write(data));
      case MetadataStoreImpl.GET_METADATA_REQ ->
          swim.setMetadataRequest(MetadataDoor.writeRequest(data));
      case MetadataStoreImpl.GET_METADATA_RESP ->
          swim.setMetadataResponse(MetadataDoor.writeResponse(data));
      default -> throw new IllegalArgumentException("not carried: " + kind);
    }
    return swim.build();
  }

  static Message decode(Swim swim) throws SwimCheck.Malformed {
    SwimCheck.check(swim);
    Message.Builder message = Message.withData(payload(swim)).qualifier(qualifier(swim));
    message.sender(swim.getSender());
    if (!swim.getCorrelationId().isEmpty()) { // scalecube tells answers by null (2.1)
      message.correlationId(swim.getCorrelationId());
    }
    return message.build();
  }

  private static String qualifier(Swim swim) {
    return switch (swim.getPayloadCase()) {
      case PING -> FailureDetectorImpl.PING;
      case PING_REQ -> FailureDetectorImpl.PING_REQ;
      case PING_ACK -> FailureDetectorImpl.PING_ACK;
      case SYNC -> MembershipProtocolImpl.SYNC;
      case SYNC_ACK -> MembershipProtocolImpl.SYNC_ACK;
      case GOSSIP -> GossipProtocolImpl.GOSSIP_REQ;
      case METADATA_REQUEST -> MetadataStoreImpl.GET_METADATA_REQ;
      case METADATA_RESPONSE -> MetadataStoreImpl.GET_METADATA_RESP;
      case PAYLOAD_NOT_SET -> throw new IllegalStateException("unchecked message");
    };
  }

  private static Object payload(Swim swim) {
    return switch (swim.getPayloadCase()) {
      case PING -> PingDoor.read(swim.getPing());
      case PING_REQ -> PingDoor.read(swim.getPingReq());
      case PING_ACK -> PingDoor.read(swim.getPingAck());
      case SYNC -> MembershipDoor.readSync(swim.getSync());
      case SYNC_ACK -> MembershipDoor.readSync(swim.getSyncAck());
      case GOSSIP -> GossipDoor.read(swim.getGossip());
      case METADATA_REQUEST -> MetadataDoor.readRequest(swim.getMetadataRequest());
      case METADATA_RESPONSE -> MetadataDoor.readResponse(swim.getMetadataResponse());
      case PAYLOAD_NOT_SET -> throw new IllegalStateException("unchecked message");
    };
  }
}
