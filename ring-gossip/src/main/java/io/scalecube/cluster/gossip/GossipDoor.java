package io.scalecube.cluster.gossip;

import io.ringdaemon.proto.SwimGossip;
import io.ringdaemon.proto.SwimRumor;
import io.scalecube.cluster.membership.MembershipDoor;
import io.scalecube.cluster.membership.MembershipProtocolImpl;
import io.scalecube.cluster.transport.api.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Our way to scalecube's package-private gossip payload: turns it into protobuf and back. The only
 * message inside is a membership record; any other is refused. What is read must have been checked
 * before. Source: reference/scalecube.md 4.3 A. Stateless.
 */
public final class GossipDoor {
  private GossipDoor() {}

  public static SwimGossip write(Object data) {
    GossipRequest request = (GossipRequest) data;
    SwimGossip.Builder out = SwimGossip.newBuilder().setFrom(request.from());
    for (Gossip gossip : request.gossips()) {
      Message inner = gossip.message();
      if (!MembershipProtocolImpl.MEMBERSHIP_GOSSIP.equals(inner.qualifier())) {
        throw new IllegalArgumentException("gossip of " + inner.qualifier());
      }
      out.addRumors(
          SwimRumor.newBuilder()
              .setGossiper(gossip.gossiperId())
              .setSequence(gossip.sequenceId())
              .setRecord(MembershipDoor.writeRecord(inner.data())));
    }
    return out.build();
  }

  public static Object read(SwimGossip gossip) {
    List<Gossip> rumors = new ArrayList<>(gossip.getRumorsCount());
    for (SwimRumor rumor : gossip.getRumorsList()) {
      Message inner =
          Message.withData(MembershipDoor.readRecord(rumor.getRecord()))
              .qualifier(MembershipProtocolImpl.MEMBERSHIP_GOSSIP)
              .build();
      rumors.add(new Gossip(rumor.getGossiper(), inner, rumor.getSequence()));
    }
    return new GossipRequest(rumors, gossip.getFrom());
  }
}
