package io.scalecube.cluster.metadata;

import io.ringdaemon.proto.SwimMember;
import io.ringdaemon.proto.SwimMetadata;
import io.scalecube.cluster.membership.MembershipDoor;
import java.nio.ByteBuffer;

/**
 * Our way to scalecube's package-private metadata payloads: turns them into protobuf and back. We
 * carry no metadata (reference/scalecube.md 6): fetching it is only the proof that a member lives.
 * Source: reference/scalecube.md 4.3 A. Stateless.
 */
public final class MetadataDoor {
  private MetadataDoor() {}

  public static SwimMember writeRequest(Object data) {
    return MembershipDoor.writeMember(((GetMetadataRequest) data).getMember());
  }

  public static Object readRequest(SwimMember member) {
    return new GetMetadataRequest(MembershipDoor.readMember(member));
  }

  public static SwimMetadata writeResponse(Object data) {
    return SwimMetadata.newBuilder()
        .setMember(MembershipDoor.writeMember(((GetMetadataResponse) data).getMember()))
        .build();
  }

  public static Object readResponse(SwimMetadata response) {
    return new GetMetadataResponse(
        MembershipDoor.readMember(response.getMember()), ByteBuffer.allocate(0));
  }
}
