package io.scalecube.cluster.membership;

import io.ringdaemon.proto.SwimMember;
import io.ringdaemon.proto.SwimRecord;
import io.ringdaemon.proto.SwimSync;
import io.scalecube.cluster.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * Our way to scalecube's package-private membership payloads: turns them into protobuf and back.
 * What is read must have been checked before. Source: reference/scalecube.md 4.3 A. Stateless.
 */
public final class MembershipDoor {
  private MembershipDoor() {}

  public static SwimMember writeMember(Member member) {
    return SwimMember.newBuilder()
        .setId(member.id())
        .setAlias(member.alias())
        .setAddress(member.address())
        .setNamespace(member.namespace())
        .build();
  }

  public static Member readMember(SwimMember member) {
    return new Member(
        member.getId(), member.getAlias(), member.getAddress(), member.getNamespace());
  }

  public static SwimRecord writeRecord(Object data) {
    MembershipRecord record = (MembershipRecord) data;
    return SwimRecord.newBuilder()
        .setMember(writeMember(record.member()))
        .setStatus(writeStatus(record.status()))
        .setIncarnation(record.incarnation())
        .build();
  }

  public static Object readRecord(SwimRecord record) {
    return read(record);
  }

  public static SwimSync writeSync(Object data) {
    SwimSync.Builder sync = SwimSync.newBuilder();
    for (MembershipRecord record : ((SyncData) data).getMembership()) {
      sync.addRecords(writeRecord(record));
    }
    return sync.build();
  }

  public static Object readSync(SwimSync sync) {
    List<MembershipRecord> records = new ArrayList<>(sync.getRecordsCount());
    for (SwimRecord record : sync.getRecordsList()) {
      records.add(read(record));
    }
    return new SyncData(records);
  }

  private static MembershipRecord read(SwimRecord record) {
    return new MembershipRecord(
        readMember(record.getMember()), readStatus(record.getStatus()), record.getIncarnation());
  }

  private static SwimRecord.Status writeStatus(MemberStatus status) {
    return switch (status) {
      case ALIVE -> SwimRecord.Status.ALIVE;
      case SUSPECT -> SwimRecord.Status.SUSPECT;
      case LEAVING -> SwimRecord.Status.LEAVING;
      case DEAD -> SwimRecord.Status.DEAD;
    };
  }

  private static MemberStatus readStatus(SwimRecord.Status status) {
    return switch (status) {
      case ALIVE -> MemberStatus.ALIVE;
      case SUSPECT -> MemberStatus.SUSPECT;
      case LEAVING -> MemberStatus.LEAVING;
      case DEAD -> MemberStatus.DEAD;
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown status");
    };
  }
}
