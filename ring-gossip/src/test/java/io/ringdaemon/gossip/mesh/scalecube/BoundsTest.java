package io.ringdaemon.gossip.mesh.scalecube;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.Peer;
import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.mesh.PeerState;
import io.ringdaemon.proto.SwimRecord;
import io.ringdaemon.time.VirtualTime;
import io.scalecube.cluster.Member;
import io.scalecube.cluster.transport.api.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The small parts of the mesh, and what each of them may hold at most. */
class BoundsTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private final VirtualTime time = new VirtualTime(1);

  @Test
  void cancelledRequestsLeaveNoWaiter() {
    Waiters waiters = new Waiters();
    for (int i = 0; i < 2 * Waiters.MOST; i++) {
      waiting(waiters, "c" + i).subscribe().dispose();
    }
    assertThat(waiters.size()).isZero();
  }

  @Test
  void oneAnswerIsForAllWhoWaitForIt() {
    Waiters waiters = new Waiters();
    List<Message> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting(waiters, "same").subscribe(answers::add);
    }
    Message answer = Message.fromQualifier("answer");
    waiters.take("same").forEach(waiter -> waiter.success(answer));
    assertThat(answers).containsExactly(answer, answer, answer);
    assertThat(waiters.size()).isZero();
  }

  @Test
  void tooManyWaitersAreRefused() {
    Waiters waiters = new Waiters();
    for (int i = 0; i < Waiters.MOST + 5; i++) {
      waiting(waiters, "c" + i).subscribe();
    }
    assertThat(waiters.size()).isEqualTo(Waiters.MOST);
  }

  @Test
  void theSameGossipGoesToTheSameNodeOnceInTenSeconds() {
    GossipBudget budget = new GossipBudget();
    SwimRecord record = Samples.record("n1", SwimRecord.Status.ALIVE, 1);
    assertThat(budget.ask("a", record, 0)).isEqualTo(GossipBudget.Verdict.SEND);
    assertThat(budget.ask("a", record, 9 * SECOND)).isEqualTo(GossipBudget.Verdict.REPEATED);
    assertThat(budget.ask("b", record, 9 * SECOND)).isEqualTo(GossipBudget.Verdict.SEND);
    assertThat(budget.ask("a", Samples.record("n1", SwimRecord.Status.ALIVE, 2), 9 * SECOND))
        .isEqualTo(GossipBudget.Verdict.SEND);
    assertThat(budget.ask("a", record, 11 * SECOND)).isEqualTo(GossipBudget.Verdict.SEND);
  }

  @Test
  void fiveHundredGossipsASecondLeaveANode() {
    GossipBudget budget = new GossipBudget();
    int sent = 0;
    for (int i = 0; i < 10_000; i++) {
      SwimRecord record = Samples.record("n1", SwimRecord.Status.ALIVE, i);
      if (budget.ask("a", record, i * SECOND / 2_000) == GossipBudget.Verdict.SEND) {
        sent++;
      }
    }
    assertThat(sent).isBetween(5 * GossipBudget.PER_SECOND, 6 * GossipBudget.PER_SECOND);
  }

  @Test
  void suspicionIsTakenBackOnlyByAHigherIncarnation() {
    List<Peer> changes = new ArrayList<>();
    PeerTable peers = new PeerTable(time.node().world(), new PeerId("me", 1), changes::add);
    RecordWatch watch = new RecordWatch(peers, "my-id");
    peers.added(member("n1", 1), new PeerId("n1", 1));
    watch.passed(Samples.record("n1", SwimRecord.Status.ALIVE, 2));
    watch.passed(Samples.record("n1", SwimRecord.Status.SUSPECT, 1)); // old news
    watch.passed(Samples.record("n1", SwimRecord.Status.SUSPECT, 2));
    watch.passed(Samples.record("n1", SwimRecord.Status.ALIVE, 2));
    watch.passed(Samples.record("n1", SwimRecord.Status.ALIVE, 3));
    assertThat(changes)
        .extracting(Peer::state)
        .containsExactly(PeerState.ALIVE, PeerState.SUSPECT, PeerState.ALIVE);
  }

  @Test
  void incredibleIncarnationsAreNotLetIn() {
    PeerTable peers = new PeerTable(time.node().world(), new PeerId("me", 1), change -> {});
    RecordWatch watch = new RecordWatch(peers, "id-of-n1");
    assertThat(watch.welcome(Samples.record("n1", SwimRecord.Status.SUSPECT, 5))).isTrue();
    assertThat(watch.welcome(Samples.record("n1", SwimRecord.Status.SUSPECT, 1_500_000))).isFalse();
    assertThat(watch.welcome(Samples.record("n2", SwimRecord.Status.ALIVE, 1_500_000))).isTrue();
    assertThat(watch.welcome(Samples.record("n2", SwimRecord.Status.ALIVE, 2_500_000))).isFalse();
  }

  @Test
  void aThousandGoneAreListedAndTheOldestMakeRoom() {
    VirtualTime.Node node = time.node();
    PeerTable peers = new PeerTable(node.world(), new PeerId("me", 1), change -> {});
    for (int i = 0; i < PeerTable.MOST_GONE + 10; i++) {
      Member member = member("n" + i, i);
      peers.added(member, new PeerId("n" + i, i));
      time.runFor(Duration.ofSeconds(1));
      peers.gone(member.id(), PeerState.DEAD);
    }
    assertThat(peers.snapshot()).hasSize(PeerTable.MOST_GONE);
    assertThat(peers.snapshot()).extracting(peer -> peer.id().name()).doesNotContain("n0", "n9");
    peers.forget(new PeerId("n10", 10));
    assertThat(peers.snapshot()).hasSize(PeerTable.MOST_GONE - 1);
  }

  @Test
  void thoseWhoAnswerAreNotForgotten() {
    PeerTable peers = new PeerTable(time.node().world(), new PeerId("me", 1), change -> {});
    peers.added(member("n1", 1), new PeerId("n1", 1));
    peers.forget(new PeerId("n1", 1));
    assertThat(peers.snapshot()).hasSize(1);
  }

  @Test
  void lostAddressesAreKeptForADayAndTheNewest256() {
    LostPeers lost = new LostPeers();
    for (int i = 0; i < 300; i++) {
      lost.lost("10.0.0.1:" + (i + 1), 1_000, i * SECOND);
    }
    assertThat(lost.addresses(300 * SECOND)).hasSize(LostPeers.MOST).doesNotContain("10.0.0.1:44");
    assertThat(lost.addresses(Duration.ofHours(24).toNanos() + 200 * SECOND)).hasSize(100);
    lost.settled("10.0.0.1:300");
    assertThat(lost.addresses(Duration.ofHours(24).toNanos() + 200 * SECOND)).hasSize(99);
  }

  @Test
  void losingAThirdWithinAMinuteIsReasonToHurry() {
    LostPeers lost = new LostPeers();
    lost.lost("10.0.0.1:1", 5, 0);
    assertThat(lost.hurry(SECOND)).isFalse();
    lost.lost("10.0.0.1:2", 4, SECOND);
    assertThat(lost.hurry(2 * SECOND)).isTrue();
    assertThat(lost.hurry(62 * SECOND)).isFalse();
  }

  private static Mono<Message> waiting(Waiters waiters, String correlation) {
    return Mono.create(
        sink -> {
          sink.onCancel(() -> waiters.remove(correlation, sink));
          if (!waiters.add(correlation, sink)) {
            sink.success();
          }
        });
  }

  private static Member member(String name, int port) {
    return new Member("id-of-" + name, name + "@1", "10.0.0.1:" + (port + 1), "ring");
  }
}
