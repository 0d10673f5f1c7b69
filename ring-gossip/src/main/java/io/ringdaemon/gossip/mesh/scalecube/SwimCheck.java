package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.proto.Swim;
import io.ringdaemon.proto.SwimGossip;
import io.ringdaemon.proto.SwimMember;
import io.ringdaemon.proto.SwimPing;
import io.ringdaemon.proto.SwimRecord;
import io.ringdaemon.proto.SwimRumor;
import io.ringdaemon.proto.SwimSync;
import java.util.Optional;

/**
 * Says whether a membership message may reach scalecube, in which one message with an empty field
 * ends a subscription for good. Strict: every field present, printable, short and in range, every
 * address canonical and dialable. Source: reference/scalecube.md 4.2, 4.4. Pure.
 */
final class SwimCheck {
  static final String NAMESPACE = "ring";
  static final int MOST_RECORDS = 5_000;
  static final int MOST_RUMORS = 64;
  private static final int LONGEST = 255;

  private SwimCheck() {}

  /** What a peer sent breaks the rules; the message says which. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  static void check(Swim swim) throws Malformed {
    require(Address.canonical(swim.getSender()).isPresent(), "sender");
    require(swim.getCorrelationId().isEmpty() || text(swim.getCorrelationId()), "correlation_id");
    switch (swim.getPayloadCase()) {
      case PING -> checkPing(swim, swim.getPing(), false);
      case PING_REQ -> checkPing(swim, swim.getPingReq(), false);
      case PING_ACK -> checkPing(swim, swim.getPingAck(), true);
      case SYNC -> checkSync(swim.getSync());
      case SYNC_ACK -> checkSync(swim.getSyncAck());
      case GOSSIP -> checkGossip(swim.getGossip());
      case METADATA_REQUEST -> checkFetch(swim, swim.getMetadataRequest());
      case METADATA_RESPONSE -> checkFetch(swim, swim.getMetadataResponse().getMember());
      case PAYLOAD_NOT_SET -> throw new Malformed("no payload");
    }
  }

  /** The life that an alias names: everything up to the last {@code @}, then a decimal number. */
  static Optional<PeerId> alias(String alias) {
    int at = alias.lastIndexOf('@');
    String digits = alias.substring(at + 1);
    if (at < 1 || digits.isEmpty() || digits.length() > 18) {
      return Optional.empty();
    }
    return digits.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(new PeerId(alias.substring(0, at), Long.parseLong(digits)))
        : Optional.empty();
  }

  /** Whether no control character and no half of a surrogate pair is inside. */
  static boolean printable(String text) {
    return text.codePoints()
        .allMatch(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE);
  }

  /** Whether the text is present, short and printable. */
  static boolean text(String text) {
    return !text.isEmpty() && text.length() <= LONGEST && printable(text);
  }

  private static void checkPing(Swim swim, SwimPing ping, boolean ack) throws Malformed {
    require(!swim.getCorrelationId().isEmpty(), "ping without correlation_id");
    require(ping.hasFrom() && ping.hasTo(), "ping without from or to");
    checkMember(ping.getFrom());
    checkMember(ping.getTo());
    if (ping.hasOriginalIssuer()) {
      checkMember(ping.getOriginalIssuer());
    }
    boolean answered =
        ping.getAck() == SwimPing.Ack.DEST_OK || ping.getAck() == SwimPing.Ack.DEST_GONE;
    require(ack ? answered : ping.getAck() == SwimPing.Ack.NONE, "ack");
  }

  private static void checkSync(SwimSync sync) throws Malformed {
    require(sync.getRecordsCount() > 0, "sync without records");
    require(sync.getRecordsCount() <= MOST_RECORDS, "too many records");
    for (SwimRecord record : sync.getRecordsList()) {
      checkRecord(record);
    }
  }

  private static void checkGossip(SwimGossip gossip) throws Malformed {
    require(text(gossip.getFrom()), "gossip from");
    require(gossip.getRumorsCount() > 0, "gossip without rumors");
    require(gossip.getRumorsCount() <= MOST_RUMORS, "too many rumors");
    for (SwimRumor rumor : gossip.getRumorsList()) {
      require(text(rumor.getGossiper()), "gossiper");
      require(rumor.getSequence() >= 0, "sequence");
      require(rumor.hasRecord(), "rumor without record");
      checkRecord(rumor.getRecord());
    }
  }

  private static void checkFetch(Swim swim, SwimMember member) throws Malformed {
    require(!swim.getCorrelationId().isEmpty(), "metadata without correlation_id");
    checkMember(member);
  }

  private static void checkRecord(SwimRecord record) throws Malformed {
    require(record.hasMember(), "record without member");
    checkMember(record.getMember());
    require(record.getStatus() != SwimRecord.Status.UNRECOGNIZED, "status");
    require(record.getIncarnation() >= 0, "incarnation");
  }

  private static void checkMember(SwimMember member) throws Malformed {
    require(text(member.getId()), "member id");
    require(text(member.getAlias()) && alias(member.getAlias()).isPresent(), "member alias");
    require(Address.canonical(member.getAddress()).isPresent(), "member address");
    require(member.getNamespace().equals(NAMESPACE), "member namespace");
  }

  private static void require(boolean condition, String what) throws Malformed {
    if (!condition) {
      throw new Malformed(what);
    }
  }
}
