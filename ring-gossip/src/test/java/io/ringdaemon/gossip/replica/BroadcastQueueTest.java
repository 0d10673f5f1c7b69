package io.ringdaemon.gossip.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.mesh.PeerId;
import io.ringdaemon.gossip.replica.BroadcastQueue.Name;
import io.ringdaemon.gossip.replica.BroadcastQueue.Pick;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BroadcastQueueTest {
  private final BroadcastQueue queue = new BroadcastQueue();

  private List<String> next(int receivers, int limit, int most) {
    return queue.next(receivers, limit, most).stream().map(pick -> pick.name().id()).toList();
  }

  @Test
  void localComesBeforeRelayedAndWhatWasSentLeastOftenFirst() {
    queue.add("k", List.of("relayed"), false);
    queue.add("k", List.of("old"), true);
    assertThat(next(1, 9, 1)).containsExactly("old");
    queue.add("k", List.of("new"), true);
    assertThat(next(1, 9, 3)).containsExactly("new", "old", "relayed");
  }

  @Test
  void aNewerChangeBeginsToCountAnewAndWaitsOnce() {
    queue.add("k", List.of("a", "b"), true);
    next(3, 4, 10);
    queue.add("k", List.of("a"), true);
    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.next(3, 4, 10))
        .containsExactly(
            new Pick(new Name("k", "a"), 3, Set.of()), new Pick(new Name("k", "b"), 1, Set.of()));
    assertThat(next(3, 4, 10)).containsExactly("a");
    assertThat(queue.size()).isZero();
  }

  @Test
  void whoHasItOrWasSentItIsPassedOverUntilThereIsANewerOne() {
    PeerId one = new PeerId("one", 1);
    PeerId other = new PeerId("other", 1);
    queue.add("k", List.of("a"), false);
    queue.held("k", List.of("a", "not waiting"), one);
    Pick first = queue.next(2, 4, 10).get(0);
    assertThat(first.goesTo(0, one)).isFalse();
    assertThat(first.goesTo(1, other)).isTrue();
    Pick second = queue.next(2, 4, 10).get(0);
    assertThat(second.goesTo(0, other)).isFalse();
    queue.add("k", List.of("a"), false);
    queue.add("k", List.of("a"), false);
    Pick newer = queue.next(2, 4, 10).get(0);
    assertThat(newer.goesTo(0, one)).isTrue();
    assertThat(newer.goesTo(2, other)).isFalse(); // only to two
  }

  @Test
  void whatIsLocalAndUnsentStaysSoWhenNewsOfItArrives() {
    queue.add("k", List.of("a"), true);
    queue.add("k", List.of("a"), false);
    assertThat(queue.hasUnsent()).isTrue();
    next(1, 9, 1);
    assertThat(queue.hasUnsent()).isFalse();
  }

  @Test
  void ofTooManyTheLeastUsefulIsDroppedAndCounted() {
    for (int i = 0; i < BroadcastQueue.MOST; i++) {
      queue.add("k", List.of("i-" + i), i % 2 == 0);
    }
    queue.add("k", List.of("late relayed"), false);
    queue.add("k", List.of("late local"), true);
    assertThat(queue.size()).isEqualTo(BroadcastQueue.MOST);
    assertThat(queue.dropped()).isEqualTo(2);
    assertThat(next(1, 9, BroadcastQueue.MOST)).contains("i-0", "late local").doesNotContain("i-1");
  }

  @Test
  void eachIsSentExactlyAsOftenAsTheLimitSaysWhateverTheOrder() {
    SplittableRandom chance = new SplittableRandom(3);
    Map<String, Integer> sent = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      queue.add("k", List.of("i-" + i), chance.nextBoolean());
    }
    while (queue.size() > 0) {
      queue
          .next(1 + chance.nextInt(4), 7, 1 + chance.nextInt(50))
          .forEach(pick -> sent.merge(pick.name().id(), pick.receivers(), Integer::sum));
    }
    assertThat(sent).hasSize(500).allSatisfy((id, times) -> assertThat(times).isEqualTo(7));
  }
}
