package io.ringdaemon.gossip.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.Directive.BroadcastSoon;
import io.ringdaemon.gossip.replica.Directive.NotifyWatchers;
import io.ringdaemon.gossip.replica.Directive.Send;
import io.ringdaemon.gossip.replica.Message.EntryRequest;
import io.ringdaemon.gossip.replica.Message.Heartbeats;
import io.ringdaemon.gossip.replica.Message.Updates;
import io.ringdaemon.gossip.replica.Replica.Moment;
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

  private static final Moment AT = new Moment(NOW, 0);

  private final Replica replica = empty();

  private static Replica empty() {
    return new Replica(new Replica.Retention(Duration.ofHours(1), 100), List.of("ringDesc"));
  }

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
    return replica.broadcast(List.of(PEER), 1, beats, 0);
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
    while (replica.queued() > 0) {
      List<Directive> out = replica.broadcast(List.of(new PeerId("p-" + sends, 1)), 9, true, 0);
      sends += out.size();
      assertThat(sends).isLessThan(100);
    }
    assertThat(sends).isEqualTo(RetransmitLimit.of(9));
  }

  @Test
  void nobodyIsToldWhatHeSaidOrWasTold() {
    Message news = new Updates(List.of(new Update<>(KEY, RingDesc.of(List.of(entry("n", 5))))));
    replica.onMessage(PEER, news, List::of, AT);
    assertThat(replica.broadcast(List.of(PEER, OTHER), 9, false, 0))
        .hasSize(1)
        .allMatch(directive -> ((Send) directive).to().equals(OTHER));
    assertThat(replica.broadcast(List.of(PEER, OTHER), 9, false, 0)).isEmpty();
    local(entry("n", 6).withState(InstanceState.LEAVING));
    assertThat(replica.broadcast(List.of(PEER, OTHER), 9, false, 0)).hasSize(2);
    Message old = new Updates(List.of(new Update<>(KEY, RingDesc.of(List.of(entry("n", 5))))));
    local(entry("n", 7));
    replica.onMessage(PEER, old, List::of, AT); // he is behind
    assertThat(replica.broadcast(List.of(PEER), 9, false, 0)).hasSize(1);
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
  void whatWasNewsIsRelayedWithLocalChangesAndWhatWasKnownIsNot() {
    Message news = new Updates(List.of(new Update<>(KEY, RingDesc.of(List.of(entry("n", 5))))));
    assertThat(replica.onMessage(PEER, news, List::of, AT))
        .containsExactly(new NotifyWatchers("collectors/r"), new BroadcastSoon());
    assertThat(replica.onMessage(OTHER, news, List::of, AT)).isEmpty();
    local(entry("a", 1));
    assertThat(
            sent(replica.broadcast(List.of(new PeerId("third", 1)), 9, false, 0).get(0)).content())
        .as("several changes of a key share a message")
        .containsExactly("a", "n");
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
    Replica peer = empty();
    peer.onLocal(KEY, RingDesc.of(List.of(entry("a", 1))), NOW);
    while (!peer.broadcast(List.of(OTHER), 1, true, 0).isEmpty()) {}
    peer.onLocal(KEY, peer.get(KEY).with(entry("a", 3)), NOW);
    Message beats = ((Send) peer.broadcast(List.of(OTHER), 1, true, 0).get(0)).message();

    List<Directive> todo = replica.onMessage(PEER, beats, List::of, AT);
    assertThat(todo)
        .containsExactly(new Send(PEER, new EntryRequest("collectors/r", List.of("a"))));
    List<Directive> answer = peer.onMessage(OTHER, ((Send) todo.get(0)).message(), List::of, AT);
    replica.onMessage(PEER, ((Send) answer.get(0)).message(), List::of, AT);
    assertThat(replica.get(KEY)).isEqualTo(peer.get(KEY));
  }

  @Test
  void thereIsALimitToKeysAndWhatIsOverIsCounted() {
    for (int i = 0; i < Slots.MOST + 10; i++) {
      Key<RingDesc> key = new Key<>("k" + i, RingCodec.INSTANCE);
      Message message =
          new Updates(List.of(new Update<>(key, RingDesc.of(List.of(entry("a", 1))))));
      replica.onMessage(PEER, message, List::of, AT);
    }
    assertThat(replica.held()).hasSize(Slots.MOST);
    assertThat(replica.refusedKeys()).isEqualTo(10);
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

  @Test
  void aDeletedKeyDoesNotComeBackFromAPeerThatMissedItButMayBeWrittenAnew() {
    local(entry("a", 900));
    Message before = new Updates(List.of(new Update<>(KEY, replica.get(KEY))));
    assertThat(replica.onDelete(KEY, NOW)).contains(new NotifyWatchers("collectors/r"));
    assertThat(replica.onMessage(PEER, before, List::of, AT)).isEmpty();
    assertThat(replica.get(KEY)).isEqualTo(RingDesc.EMPTY);

    Replica peer = empty();
    peer.onMessage(OTHER, before, List::of, AT);
    peer.onMessage(OTHER, ((Send) broadcast(false).get(0)).message(), List::of, AT);
    assertThat(peer.get(KEY)).isEqualTo(RingDesc.EMPTY);

    local(entry("b", 1_000));
    peer.onMessage(OTHER, ((Send) broadcast(false).get(0)).message(), List::of, AT);
    assertThat(peer.get(KEY).content()).containsExactly("b");
  }

  @Test
  void aDeletedKeyIsForgottenAfterTheTimeOfTombstones() {
    local(entry("a", 900));
    replica.onDelete(KEY, NOW);
    replica.purge(NOW.plus(Duration.ofMinutes(59)));
    assertThat(replica.held()).hasSize(1);
    replica.purge(NOW.plus(Duration.ofMinutes(61)));
    assertThat(replica.held()).isEmpty();
  }

  @Test
  void aTombstoneWhoseTimeIsOverRemovesItsEntryAndIsNotPassedOn() {
    local(entry("a", 900));
    while (!broadcast(true).isEmpty()) {}
    Instant late = NOW.plus(Duration.ofHours(3));
    Message removal =
        new Updates(
            List.of(new Update<>(KEY, RingDesc.of(List.of(InstanceDesc.tombstone("a", 1_000))))));
    replica.onMessage(PEER, removal, List::of, new Moment(late, 0));
    assertThat(replica.get(KEY)).isEqualTo(RingDesc.EMPTY);
    assertThat(replica.queued()).isZero();
  }

  @Test
  void aBeaconTellsItsAgeWithoutAnyClockAndOnlyOneTravels() {
    assertThat(replica.beacon(PEER, 0)).isNotEmpty();
    assertThat(replica.beacon(PEER, 9_000_000_000L)).isEmpty();
    Message sent =
        ((Send) replica.broadcast(List.of(OTHER), 1, false, 70_000_000).get(0)).message();
    Replica peer = empty();
    long itsClock = 5_000_000_000_000L;
    assertThat(peer.onMessage(PEER, sent, List::of, new Moment(NOW, itsClock)))
        .contains(new Directive.Delayed(Duration.ofMillis(70)));
    assertThat(peer.onMessage(PEER, sent, List::of, new Moment(NOW, itsClock))).isEmpty();
    assertThat(peer.beacon(OTHER, itsClock + 9_000_000_000L)).isEmpty();
    Updates relayed =
        (Updates)
            ((Send) peer.broadcast(List.of(PEER), 1, false, itsClock + 30_000_000).get(0))
                .message();
    assertThat(relayed.beacons()).containsExactly(new Beacon("p", 1, 1, 100_000));
  }
}
