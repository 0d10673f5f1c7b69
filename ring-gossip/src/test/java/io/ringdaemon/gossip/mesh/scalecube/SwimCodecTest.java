package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.ringdaemon.proto.Frame;
import io.ringdaemon.proto.Swim;
import io.ringdaemon.proto.SwimPing;
import io.ringdaemon.proto.SwimRecord;
import io.ringdaemon.proto.SwimSync;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The codec lets through what is whole and in range, and nothing else (scalecube.md 8.7). */
class SwimCodecTest {
  /** Fields that may be absent, or whose zero is a value. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "ringdaemon.SwimPing.original_issuer",
          "ringdaemon.SwimRecord.status",
          "ringdaemon.SwimRecord.incarnation",
          "ringdaemon.SwimRumor.sequence");

  @Test
  void everyKindSurvivesTheRoundTrip() throws SwimCheck.Malformed {
    for (Swim swim : Samples.everyKind()) {
      assertThat(SwimCodec.encode(SwimCodec.decode(swim))).isEqualTo(swim);
    }
  }

  @Test
  void aMissingFieldIsRefused() {
    for (Swim swim : Samples.everyKind()) {
      boolean answerNeeded = !swim.hasSync() && !swim.hasSyncAck() && !swim.hasGossip();
      for (Message broken : eachFieldCleared(swim)) {
        Swim cleared = (Swim) broken;
        if (cleared.getCorrelationId().isEmpty() && !answerNeeded) {
          continue; // only the first sync has one
        }
        assertRefused(cleared);
      }
    }
  }

  @Test
  void aTextTooLongOrWithControlCharactersIsRefused() {
    for (Swim swim : Samples.everyKind()) {
      for (String bad : List.of("x".repeat(256), "a\u0000b", "line\nbreak", "\ud800")) {
        eachStringSetTo(swim, bad).forEach(broken -> assertRefused((Swim) broken));
      }
    }
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    Swim sync = Samples.everyKind().get(4);
    assertThat(sync.hasSync()).isTrue();
    for (String address :
        List.of(
            "0.0.0.0:7946",
            "224.0.0.1:7946",
            "10.0.0.1",
            "10.0.0.1:0",
            "10.0.0.1:65536",
            "10.0.0.01:7946",
            "host.example:7946",
            "[0:0:0:0:0:0:0:1]:7946",
            "[::]:7946",
            "10.0.0.1:07946",
            ":7946")) {
      Swim.Builder broken = sync.toBuilder();
      broken.getSyncBuilder().getRecordsBuilder(0).getMemberBuilder().setAddress(address);
      assertRefused(broken.build());
      assertRefused(sync.toBuilder().setSender(address).build());
    }
    for (String alias : List.of("n1", "@1", "n1@", "n1@-1", "n1@1x", "n1@1234567890123456789")) {
      Swim.Builder broken = sync.toBuilder();
      broken.getSyncBuilder().getRecordsBuilder(0).getMemberBuilder().setAlias(alias);
      assertRefused(broken.build());
    }
    Swim.Builder negative = sync.toBuilder();
    negative.getSyncBuilder().getRecordsBuilder(0).setIncarnation(-1);
    assertRefused(negative.build());
    Swim.Builder status = sync.toBuilder();
    status.getSyncBuilder().getRecordsBuilder(0).setStatusValue(9);
    assertRefused(status.build());
    Swim.Builder foreign = sync.toBuilder();
    foreign.getSyncBuilder().getRecordsBuilder(0).getMemberBuilder().setNamespace("other");
    assertRefused(foreign.build());
  }

  @Test
  void anAckBelongsToAnAnswerAndOnlyThere() {
    Swim ping = Samples.everyKind().get(0);
    Swim ack = Samples.everyKind().get(2);
    Swim.Builder acked = ping.toBuilder();
    acked.getPingBuilder().setAck(SwimPing.Ack.DEST_OK);
    assertRefused(acked.build());
    Swim.Builder unknown = ack.toBuilder();
    unknown.getPingAckBuilder().setAckValue(7);
    assertRefused(unknown.build());
  }

  @Test
  void countsAreLimited() throws SwimCheck.Malformed {
    SwimRecord record = Samples.record("n1", SwimRecord.Status.ALIVE, 0);
    SwimSync.Builder full = SwimSync.newBuilder();
    for (int i = 0; i < SwimCheck.MOST_RECORDS; i++) {
      full.addRecords(record);
    }
    Swim.Builder swim = Swim.newBuilder().setSender(Samples.SENDER).setSync(full);
    assertThat(SwimCodec.decode(swim.build()).sender()).isEqualTo(Samples.SENDER);
    assertThat(swim.build().getSerializedSize()).isLessThan(Wire.LARGEST_FRAME);
    assertRefused(swim.setSync(full.addRecords(record)).build());
    Swim.Builder gossip = Samples.everyKind().get(6).toBuilder();
    while (gossip.getGossip().getRumorsCount() <= SwimCheck.MOST_RUMORS) {
      gossip.getGossipBuilder().addRumors(gossip.getGossip().getRumors(0));
    }
    assertRefused(gossip.build());
  }

  @Test
  void aMillionMutatedFramesAreUnderstoodOrRefusedAndNothingElse() {
    SplittableRandom chance = new SplittableRandom(11);
    List<byte[]> frames =
        Samples.everyKind().stream()
            .map(swim -> Frame.newBuilder().setSwim(swim).build().toByteArray())
            .toList();
    int refused = 0;
    for (int i = 0; i < 1_000_000; i++) {
      byte[] bytes = mutated(frames.get(i % frames.size()), chance);
      try {
        Swim swim = Frame.parseFrom(bytes).getSwim();
        assertThat(SwimCodec.encode(SwimCodec.decode(swim)).getPayloadCase())
            .isEqualTo(swim.getPayloadCase());
      } catch (InvalidProtocolBufferException | SwimCheck.Malformed e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(300_000, 999_999);
  }

  /** One to four bytes replaced, dropped or doubled. */
  static byte[] mutated(byte[] frame, SplittableRandom chance) {
    byte[] bytes = frame;
    for (int n = 1 + chance.nextInt(4); n > 0; n--) {
      int at = chance.nextInt(bytes.length);
      int kind = chance.nextInt(4);
      int grown = kind == 0 ? -1 : kind == 1 ? 1 : 0;
      byte[] next = Arrays.copyOf(bytes, bytes.length + grown);
      if (grown != 0) { // from the place on, everything moves by one
        int from = grown < 0 ? at + 1 : at;
        System.arraycopy(bytes, from, next, from + grown, bytes.length - from);
      } else {
        next[at] = (byte) chance.nextInt(256);
      }
      bytes = next;
    }
    return bytes;
  }

  private static void assertRefused(Swim swim) {
    assertThatThrownBy(() -> SwimCodec.decode(swim))
        .as(swim.toString())
        .isInstanceOf(SwimCheck.Malformed.class);
  }

  private static List<Message> eachFieldCleared(Message message) {
    List<Message> broken = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (!OPTIONAL.contains(field.getFullName())) {
                broken.add(message.toBuilder().clearField(field).build());
              }
              inside(message, field, value, Inner::cleared, broken);
            });
    return broken;
  }

  private static List<Message> eachStringSetTo(Message message, String bad) {
    List<Message> broken = new ArrayList<>();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
                broken.add(message.toBuilder().setField(field, bad).build());
              }
              inside(message, field, value, inner -> eachStringSetTo(inner, bad), broken);
            });
    return broken;
  }

  private interface Inner {
    List<Message> variants(Message inner);

    static List<Message> cleared(Message inner) {
      return eachFieldCleared(inner);
    }
  }

  private static void inside(
      Message message, FieldDescriptor field, Object value, Inner inner, List<Message> broken) {
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return;
    }
    if (field.isRepeated()) {
      for (Message variant : inner.variants((Message) message.getRepeatedField(field, 0))) {
        broken.add(message.toBuilder().setRepeatedField(field, 0, variant).build());
      }
    } else {
      for (Message variant : inner.variants((Message) value)) {
        broken.add(message.toBuilder().setField(field, variant).build());
      }
    }
  }
}
