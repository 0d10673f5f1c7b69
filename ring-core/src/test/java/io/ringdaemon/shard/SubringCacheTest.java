package io.ringdaemon.shard;

import static io.ringdaemon.shard.Shards.ids;
import static io.ringdaemon.shard.Shards.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.model.InstanceDesc.ReadOnly;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules of reference/ring-semantics.md 5.8. */
class SubringCacheTest {
  private final SubringCache cache = new SubringCache(1000);
  private final Ring ring = Shards.six();

  private static Lookback at(long second) {
    return new Lookback(Duration.ofSeconds(1000), Instant.ofEpochSecond(second));
  }

  @Test
  void sameQuestionAboutTheSameViewGivesTheSameSubring() {
    Ring shard = cache.shard(ring, "tenant-a", 2);
    assertThat(cache.shard(ring, "tenant-a", 2)).isSameAs(shard);
    assertThat(cache.shard(ring, "tenant-a", 3)).isNotSameAs(shard);
    assertThat(cache.shard(ring, "tenant-b", 2)).isNotSameAs(shard);
    assertThat(cache.size()).isEqualTo(3);
  }

  @Test
  void newHeartbeatShowsInTheNextSubringAndNotInThoseHandedOut() {
    Ring shard = cache.shard(ring, "tenant-a", 2);
    assertThat(shard.owners(7, Operation.READ).instances()).hasSize(2);
    Ring beaten =
        with(ring, "5", entry -> entry.withTimestamp(6000, 0).withState(InstanceState.LEAVING));
    Ring fresh = cache.shard(beaten, "tenant-a", 2);
    assertThat(ids(fresh)).isEqualTo(ids(shard)).isEqualTo("4 5");
    assertThat(fresh.instances().get(1).state()).isEqualTo(InstanceState.LEAVING);
    assertThat(fresh.instances().get(1).desc().timestamp()).isEqualTo(6000);
    assertThat(shard.instances().get(1).state()).isEqualTo(InstanceState.ACTIVE);
    assertThat(shard.instances().get(1).desc().timestamp()).isEqualTo(5000);
    assertThat(cache.shard(beaten, "tenant-a", 2)).isSameAs(fresh);
    assertThat(fresh.owners(7, Operation.READ).instances()).hasSize(2);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void changedTopologyDropsAll() {
    cache.shard(ring, "tenant-a", 2);
    cache.shard(ring, "tenant-b", 2);
    Ring changed = with(ring, "4", entry -> entry.withReadOnly(new ReadOnly(true, 9000)));
    assertThat(ids(cache.shard(changed, "tenant-a", 2))).isEqualTo("0 5");
    assertThat(cache.size()).isEqualTo(1);
    cache.shard(with(changed, "0", entry -> entry.withRegistered(2000)), "tenant-b", 2);
    assertThat(cache.size()).isEqualTo(1);
    assertThat(ids(cache.shard(ring, "tenant-a", 2))).isEqualTo("4 5");
  }

  @Test
  void ringItselfIsNotRemembered() {
    assertThat(cache.shard(ring, "tenant-a", 0)).isSameAs(ring);
    assertThat(cache.size()).isZero();
  }

  @Test
  void lookbackShardIsGoodUntilAMembersChangeLeavesTheWindow() {
    Ring changed = with(ring, "5", entry -> entry.withRegistered(6500));
    Ring first = cache.shard(changed, "tenant-a", 1, at(7400)); // window from 6400
    assertThat(ids(first)).isEqualTo("0 5");
    assertThat(cache.shard(changed, "tenant-a", 1, at(7450))).isSameAs(first);
    assertThat(cache.shard(changed, "tenant-a", 1, at(7500))).isSameAs(first);
    Ring later = cache.shard(changed, "tenant-a", 1, at(7501));
    assertThat(ids(later)).isEqualTo("5");
    assertThat(cache.shard(changed, "tenant-a", 1, at(99_999))).isSameAs(later);
  }

  @Test
  void earlierWindowIsAnsweredButDoesNotReplaceALaterOne() {
    Ring changed = with(ring, "5", entry -> entry.withRegistered(6500));
    Ring later = cache.shard(changed, "tenant-a", 1, at(7501));
    assertThat(ids(cache.shard(changed, "tenant-a", 1, at(7400)))).isEqualTo("0 5");
    assertThat(cache.shard(changed, "tenant-a", 1, at(7501))).isSameAs(later);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void otherPeriodsAreOtherShards() {
    cache.shard(ring, "tenant-a", 1, at(7400));
    cache.shard(
        ring, "tenant-a", 1, new Lookback(Duration.ofMillis(1500), Instant.ofEpochSecond(7400)));
    cache.shard(ring, "tenant-a", 1);
    assertThat(cache.size()).isEqualTo(3);
  }

  @Test
  void forgottenIdentifierTakesAllItsShardsAlong() {
    cache.shard(ring, "tenant-a", 2);
    cache.shard(ring, "tenant-a", 1, at(7400));
    Ring kept = cache.shard(ring, "tenant-b", 2);
    cache.forget("tenant-a");
    assertThat(cache.size()).isEqualTo(1);
    assertThat(cache.shard(ring, "tenant-b", 2)).isSameAs(kept);
    new SubringCache(1).forget("nobody");
  }

  @Test
  void shardLongestUnusedGoesWhenTokensAreTooMany() {
    SubringCache small = new SubringCache(27); // three shards of two instances with four tokens
    Ring a = small.shard(ring, "a", 2);
    small.shard(ring, "b", 2);
    small.shard(ring, "c", 2);
    small.shard(ring, "d", 2); // all were used: each loses its chance, the oldest goes
    assertThat(small.size()).isEqualTo(3);
    assertThat(small.shard(ring, "a", 2)).isNotSameAs(a);
    for (int i = 0; i < 1000; i++) {
      small.shard(ring, "t" + i, 2);
      assertThat(small.size()).isLessThanOrEqualTo(3);
    }
    Ring last = small.shard(ring, "t999", 2);
    assertThat(small.shard(ring, "t999", 2)).isSameAs(last);
  }

  @Test
  void shardGreaterThanTheCacheIsMadeEachTime() {
    SubringCache none = new SubringCache(0);
    assertThat(ids(none.shard(ring, "tenant-a", 2))).isEqualTo("4 5");
    assertThat(none.size()).isZero();
    assertThatThrownBy(() -> new SubringCache(-1)).hasMessageContaining("-1");
  }

  @Test
  void readersOnManyThreadsSeeTheirOwnView() throws ExecutionException, InterruptedException {
    Ring other = with(ring, "4", entry -> entry.withReadOnly(new ReadOnly(true, 9000)));
    Ring beaten = with(ring, "5", entry -> entry.withTimestamp(6000, 0));
    SubringCache shared = new SubringCache(60);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> readers =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  number ->
                      threads.submit(
                          () -> {
                            for (int i = 0; i < 20_000; i++) {
                              Ring view = List.of(ring, other, beaten).get((i + number) % 3);
                              Ring shard = shared.shard(view, "tenant-a", 2);
                              assertThat(ids(shard)).isEqualTo(view == other ? "0 5" : "4 5");
                              assertThat(shard.instances()).isSubsetOf(view.instances());
                              shared.shard(view, "t" + i % 50, 2);
                              if (i % 100 == 0) {
                                shared.forget("t" + number);
                              }
                            }
                          }))
              .toList();
      for (Future<?> reader : readers) {
        reader.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
