package io.ringdaemon.gossip.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Directive.BroadcastSoon;
import io.ringdaemon.gossip.replica.Directive.Contacted;
import io.ringdaemon.gossip.replica.Directive.NotifyWatchers;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.State;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.kv.Key;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaTest {
  private static final Key<RingDesc> KEY = new Key<>("collectors/r", RingCodec.INSTANCE);
  private static final Instant NOW = Instant.ofEpochSecond(1_000);
  private static final PeerId PEER = new PeerId("p", 1);
  private static final PeerId OTHER = new PeerId("q", 1);

  private final Replica replica = new Replica(new Replica.Retention(Duration.ofHours(1), 100));

  private static InstanceDesc entry(String id, long timestamp) {
    return InstanceDesc.of(id, id + ":80", "")
        .withState(InstanceState.ACTIVE)
        .withTokens(Tokens.of(id.hashCode() & 0xFFFF))
        .withTimestamp(timestamp, timestamp);
  }

  private List<Directive> local(InstanceDesc entry) {
    return replica.onLocal(KEY, replica.get(KEY).with(entry), NOW);
  }

  private List<Directive> broadcast(boolean beats) {
    return replica.broadcast(List.of(PEER), 1, beats);
  }

  private static RingDesc sent(Directive directive) {
    Updates updates = (Updates) ((Send) directive).message();
    return (RingDesc) updates.updates().get(0).value();
  }

  @Test
  void aLocalChangeIsTellingWatchersAndGoesOutSoon() {
    assertThat(local(entry("a", 1)))
        .containsExactly(new NotifyWatchers("collectors/r"), new BroadcastSoon());
    assertThat(sent(broadcast(false).get(0)).content()).containsExactly("a");
  }

  @Test
  void aChangeIsPassedOnUntilItsLimitAndNoMore() {
    local(entry("a", 1));
    int sends = 0;
    while (!broadcast(true).isEmpty()) {
      sends++;
      assertThat(sends).isLessThan(100);
    }
    assertThat(sends).isEqualTo(RetransmitLimit.of(1));
    assertThat(replica.queued()).isZero();
  }

  @Test
  void aNewerChangeOfTheSameEntryReplacesTheOlder() {
    local(entry("a", 1));
    local(entry("a", 2).withState(InstanceState.LEAVING));
    List<Directive> out = broadcast(false);
    assertThat(out).hasSize(1);
    assertThat(sent(out.get(0)).instance("a").orElseThrow().state())
        .isEqualTo(InstanceState.LEAVING);
    assertThat(((Updates) ((Send) out.get(0)).message()).updates()).hasSize(1);
  }

  @Test
  void whatWasNewsIsRelayedAfterLocalChangesAndWhatWasKnownIsNot() {
    Message news = new Updates(List.of(new Update<>(KEY, RingDesc.of(List.of(entry("n", 5))))));
    assertThat(replica.onMessage(PEER, news, List.of(), NOW))
        .containsExactly(new NotifyWatchers("collectors/r"));
    assertThat(replica.onMessage(OTHER, news, List.of(), NOW)).isEmpty();
    local(entry("a", 1));
    Updates out = (Updates) ((Send) broadcast(false).get(0)).message();
    assertThat(out.updates()).hasSize(2);
    assertThat(out.updates().get(0).value().content()).containsExactly("a");
    assertThat(out.updates().get(1).value().content()).containsExactly("n");
  }

  @Test
  void aHeartbeatTravelsWithoutItsEntryAndMayWait() {
    local(entry("a", 1));
    while (!broadcast(true).isEmpty()) {}
    assertThat(local(entry("a", 2))).containsExactly(new NotifyWatchers("collectors/r"));
    assertThat(broadcast(false)).isEmpty();
    Heartbeats beats = (Heartbeats) ((Send) broadcast(true).get(0)).message();
    assertThat(beats.beats()).hasSize(1);
    assertThat(beats.beats().get(0).timestamp()).isEqualTo(2);
  }

  @Test
  void aHeartbeatOfAnotherEntryChangesNothingAndAsksForIt() {
    Replica peer = new Replica(new Replica.Retention(Duration.ofHours(1), 100));
    peer.onLocal(KEY, RingDesc.of(List.of(entry("a", 1))), NOW);
    while (!peer.broadcast(List.of(OTHER), 1, true).isEmpty()) {}
    peer.onLocal(KEY, peer.get(KEY).with(entry("a", 3)), NOW);
    Message beats = ((Send) peer.broadcast(List.of(OTHER), 1, true).get(0)).message();

    List<Directive> todo = replica.onMessage(PEER, beats, List.of(), NOW);
    assertThat(todo)
        .containsExactly(new Send(PEER, new EntryRequest("collectors/r", List.of("a"))));
    List<Directive> answer = peer.onMessage(OTHER, ((Send) todo.get(0)).message(), List.of(), NOW);
    replica.onMessage(PEER, ((Send) answer.get(0)).message(), List.of(), NOW);
    assertThat(replica.get(KEY)).isEqualTo(peer.get(KEY));
  }

  @Test
  void aStateIsSentInPiecesAndAnsweredInKindOnce() {
    for (int i = 0; i < 600; i++) {
      Tokens many = Tokens.ofInts(new java.util.SplittableRandom(i).ints(64));
      local(entry("i-" + i, 1).withTokens(many));
    }
    List<Directive> pieces = replica.state(PEER, true, List.of());
    assertThat(pieces.size()).isGreaterThan(3);
    Replica peer = new Replica(new Replica.Retention(Duration.ofHours(1), 100));
    int answers = 0;
    int contacts = 0;
    for (Directive piece : pieces) {
      for (Directive todo : peer.onMessage(OTHER, ((Send) piece).message(), List.of(), NOW)) {
        answers += todo instanceof Send send && send.message() instanceof State ? 1 : 0;
        contacts += todo instanceof Contacted ? 1 : 0;
      }
    }
    assertThat(peer.get(KEY)).isEqualTo(replica.get(KEY));
    assertThat(contacts).isEqualTo(1);
    assertThat(answers).isEqualTo(pieces.size());
  }

  @Test
  void thereIsALimitToKeysAndWhatIsOverIsCounted() {
    for (int i = 0; i < Replica.MOST_KEYS + 10; i++) {
      Key<RingDesc> key = new Key<>("k" + i, RingCodec.INSTANCE);
      Message message =
          new Updates(List.of(new Update<>(key, RingDesc.of(List.of(entry("a", 1))))));
      replica.onMessage(PEER, message, List.of(), NOW);
    }
    assertThat(replica.held()).hasSize(Replica.MOST_KEYS);
    assertThat(replica.refusedKeys()).isEqualTo(10);
  }

  @Test
  void theQueueHasALimitAndWhatIsDroppedIsCounted() {
    BroadcastQueue queue = new BroadcastQueue();
    for (int i = 0; i < BroadcastQueue.MOST + 5; i++) {
      queue.add(KEY, RingDesc.of(List.of(entry("i-" + i, 1))), i % 2 == 0);
    }
    assertThat(queue.size()).isEqualTo(BroadcastQueue.MOST);
    assertThat(queue.dropped()).isEqualTo(5);
  }

  @Test
  void tombstonesGoAfterTheirTimeAndNotBefore() {
    local(entry("a", 900));
    replica.onLocal(KEY, RingDesc.EMPTY, NOW);
    replica.purge(NOW.plus(Duration.ofMinutes(59)));
    assertThat(replica.get(KEY).tombstones()).isEqualTo(1);
    replica.purge(NOW.plus(Duration.ofMinutes(61)));
    assertThat(replica.get(KEY)).isEqualTo(RingDesc.EMPTY);
  }
}
