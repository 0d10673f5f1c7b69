package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.proto.Swim;
import io.ringdaemon.proto.SwimGossip;
import io.ringdaemon.proto.SwimRecord;
import io.ringdaemon.proto.SwimRumor;
import io.ringdaemon.proto.SwimSync;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The membership records in a message: of a SYNC, its answer, or gossip; other kinds have none.
 * LEAVING and DEAD never go over the wire.
 */
final class SwimRecords {
  private SwimRecords() {}

  static Stream<SwimRecord> of(Swim swim) {
    return Stream.of(
            swim.getSync().getRecordsList().stream(),
            swim.getSyncAck().getRecordsList().stream(),
            swim.getGossip().getRumorsList().stream().map(SwimRumor::getRecord))
        .flatMap(records -> records);
  }

  static boolean carried(SwimRecord record) {
    return record.getStatus() != SwimRecord.Status.LEAVING
        && record.getStatus() != SwimRecord.Status.DEAD;
  }

  /** The message with no other records than those that are carried. */
  static Swim carried(Swim swim) {
    return keep(swim, SwimRecords::carried);
  }

  /** The message with no other records than {@code kept} wants. */
  static Swim keep(Swim swim, Predicate<SwimRecord> kept) {
    return switch (swim.getPayloadCase()) {
      case SYNC -> swim.toBuilder().setSync(keep(swim.getSync(), kept)).build();
      case SYNC_ACK -> swim.toBuilder().setSyncAck(keep(swim.getSyncAck(), kept)).build();
      case GOSSIP -> {
        SwimGossip.Builder left = swim.getGossip().toBuilder().clearRumors();
        swim.getGossip().getRumorsList().stream()
            .filter(rumor -> kept.test(rumor.getRecord()))
            .forEach(left::addRumors);
        yield swim.toBuilder().setGossip(left).build();
      }
      default -> swim;
    };
  }

  private static SwimSync keep(SwimSync sync, Predicate<SwimRecord> kept) {
    if (sync.getRecordsList().stream().allMatch(kept)) {
      return sync;
    }
    SwimSync.Builder left = SwimSync.newBuilder();
    sync.getRecordsList().stream().filter(kept).forEach(left::addRecords);
    return left.build();
  }
}
