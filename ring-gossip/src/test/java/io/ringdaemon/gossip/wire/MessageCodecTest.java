package io.ringdaemon.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.ringdaemon.election.LeaderRecordCodec;
import io.ringdaemon.gossip.replica.Message;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Gone;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.State;
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
        new State(updates(), true, true, List.of(new Gone("n", 7, true, 5))),
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

  @Test
  void everyKindComesBack() {
    for (Message message : oneOfEach()) {
      assertThat(codec.decode(codec.encode(message, NOW))).isEqualTo(message);
    }
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
    List<byte[]> good = oneOfEach().stream().map(one -> codec.encode(one, NOW)).toList();
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
