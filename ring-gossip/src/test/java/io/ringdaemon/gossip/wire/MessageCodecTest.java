package io.ringdaemon.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.replica.Beacon;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Message.Buckets;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.KeySum;
import io.ringdaemon.gossip.replica.Message.Root;
import io.ringdaemon.gossip.replica.Message.Signs;
import io.ringdaemon.gossip.replica.Message.Stamps;
import io.ringdaemon.gossip.replica.Message.Summary;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.gossip.replica.Update;
import io.ringdaemon.kv.Heartbeat;
import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.proto.GossipMessage;
import io.ringdaemon.proto.KeyValuePair;
import io.ringdaemon.token.Tokens;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);
  private static final InstanceDesc ONE =
      InstanceDesc.of("i-1", "10.0.0.1:9095", "zone-a")
          .withState(InstanceState.ACTIVE)
          .withTokens(Tokens.of(5, 300, 4294967295L))
          .withRegistered(1699999000)
          .withTimestamp(1700000000, 0);

  private final MessageCodec codec =
      new MessageCodec(List.of(RingCodec.INSTANCE, LeaderRecordCodec.INSTANCE));

  private static List<Update<?>> updates() {
    return List.of(
        new Update<>(new Key<>("collectors/ring", RingCodec.INSTANCE), RingDesc.of(List.of(ONE))));
  }

  private List<Message> oneOfEach() {
    return List.of(
        new Updates(updates()),
        new Updates(updates(), List.of(new Beacon("n", 7, 3, 1_500_000))),
        new Updates(
            List.of(
                new Update<>(
                    new Key<>("k", RingCodec.INSTANCE), 1_700_000_000_000L, RingDesc.EMPTY))),
        new Root(-3),
        new Summary(
            4,
            true,
            List.of(new KeySum("collectors/ring", "ringDesc", 5, 6, -7, 8)),
            List.of("ringDesc"),
            List.of(stamps(0, List.of(), 0, 1)),
            9,
            -10,
            List.of(new Gone("n", 7, true, 5))),
        new Stamps(
            4,
            "collectors/ring",
            "ringDesc",
            0,
            3,
            List.of(1, 7),
            true,
            1,
            2,
            List.of(new Heartbeat("i-1", 1700000005L, 3, -9))),
        new Heartbeats("collectors/ring", List.of(new Heartbeat("i-1", 1700000005L, 3, -9))),
        new EntryRequest("collectors/ring", List.of("i-1", "i-2")));
  }

  @Test
  void aDirectMessageComesBackAndOneOverItsLimitsIsRefused() {
    byte[] bytes = codec.encode(new Message.Direct("forget", new byte[] {1, 2, 3}), NOW);
    Message.Direct back = (Message.Direct) codec.decode(bytes);
    assertThat(back.topic()).isEqualTo("forget");
    assertThat(back.body()).containsExactly(1, 2, 3);
    byte[] large = new byte[Message.Direct.LARGEST_BODY + 1];
    assertThatThrownBy(() -> new Message.Direct("forget", large))
        .isInstanceOf(IllegalArgumentException.class);
    GossipMessage.Builder proto = GossipMessage.newBuilder();
    proto.getDirectBuilder().setTopic("t").setBody(ByteString.copyFrom(large));
    assertThatThrownBy(() -> codec.decode(proto.build().toByteArray()))
        .isInstanceOf(MalformedValueException.class);
  }

  private static List<Message> withArrays() {
    return List.of(
        new Buckets(4, "collectors/ring", 5, new long[] {1, -2, 3, 4}),
        new Signs("collectors/ring", 5, -6, 7, new long[] {1700000005L, 5}, new long[] {3, 4}));
  }

  @Test
  void everyKindComesBack() {
    for (Message message : oneOfEach()) {
      assertThat(codec.decode(codec.encode(message, NOW))).isEqualTo(message);
    }
    for (Message message : withArrays()) {
      assertThat(codec.decode(codec.encode(message, NOW)))
          .usingRecursiveComparison()
          .isEqualTo(message);
    }
  }

  @Test
  void aHundredHeartbeatsTakeLessThan64BytesEachWhateverTheTokens() {
    List<Heartbeat> beats =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    new Heartbeat(
                        "ingester-zone-a-%d".formatted(i), 1_700_000_000L + i, 1_000_000 + i, -i))
            .toList();
    byte[] bytes = codec.encode(new Heartbeats("collectors/ring", beats), NOW);
    assertThat(bytes.length / 100.0).isLessThan(48);
  }

  @Test
  void aKeyOfAnUnknownCodecIsLeftOutOfASummary() {
    Summary summary =
        new Summary(
            1,
            false,
            List.of(new KeySum("k", "later", 0, 1, 2, 3)),
            List.of(),
            List.of(),
            0,
            0,
            List.of());
    assertThat(((Summary) codec.decode(codec.encode(summary, NOW))).keys()).isEmpty();
  }

  @Test
  void digestsOverTheirLimitsAreRefused() {
    for (Message harmful :
        List.of(
            new Buckets(4, "k", 5, new long[3]),
            new Buckets(4, "k", 5, new long[2048]),
            stamps(11, List.of(0), 0, 1),
            stamps(1, List.of(2), 0, 1),
            stamps(1, List.of(-1), 0, 1),
            stamps(1, List.of(0), 1, 1),
            stamps(1, List.of(0), 0, 1_000_000),
            new Signs("k", 0, 0, 0, new long[] {1}, new long[0]),
            new Signs("k", 0, 0, -1, new long[] {1}, new long[1]))) {
      byte[] bytes = codec.encode(harmful, NOW);
      assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(MalformedValueException.class);
    }
  }

  private static Stamps stamps(int bits, List<Integer> covered, int piece, int messages) {
    return new Stamps(1, "k", "ringDesc", 0, bits, covered, false, piece, messages, List.of());
  }

  /** Key, codec and Snappy block as in reference/ring-semantics.md 14.1, by Go's encoder. */
  @Test
  void aPairOfDskitIsUnderstood() throws Exception {
    String pair =
        "0a0f636f6c6c6563746f72732f72696e67123c3b340a390a03692d3112320a0d31302e0102a0313a393039351080e2cfaa06320805ac02ffffffff0f3a067a6f6e652d614098dacfaa064a03692d311a0872696e6744657363";
    byte[] message =
        GossipMessage.newBuilder()
            .setUpdates(
                io.ringdaemon.proto.Updates.newBuilder()
                    .addPairs(KeyValuePair.parseFrom(HexFormat.of().parseHex(pair))))
            .build()
            .toByteArray();
    assertThat(codec.decode(message)).isEqualTo(new Updates(updates()));
  }

  @Test
  void aHeartbeatIsSmallWhateverTheTokens() {
    byte[] bytes =
        codec.encode(
            new Heartbeats("k", List.of(new Heartbeat("ingester-17", 1700000005L, 300, -9))), NOW);
    assertThat(bytes.length).isLessThan(64);
  }

  @Test
  void aValueOfAnUnknownCodecIsLeftOutAndAMessageOfAnUnknownKindRefused() {
    KeyValuePair unknown =
        KeyValuePair.newBuilder().setKey("k").setCodec("later").setValue(ByteString.EMPTY).build();
    byte[] message =
        GossipMessage.newBuilder()
            .setUpdates(io.ringdaemon.proto.Updates.newBuilder().addPairs(unknown))
            .build()
            .toByteArray();
    assertThat(codec.decode(message)).isEqualTo(new Updates(List.of()));
    assertThatThrownBy(() -> codec.decode(new byte[] {(byte) 0xA2, 0x01, 0}))
        .isInstanceOf(MalformedValueException.class);
  }

  @Test
  void noBytesDoMoreThanAMalformedMessage() {
    SplittableRandom chance = new SplittableRandom(11);
    List<byte[]> good =
        Stream.concat(oneOfEach().stream(), withArrays().stream())
            .map(one -> codec.encode(one, NOW))
            .toList();
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = good.get(i % good.size()).clone();
      for (int j = 0; j < 1 + chance.nextInt(4); j++) {
        bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt();
      }
      try {
        codec.decode(bytes);
      } catch (MalformedValueException expected) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
