package io.ringdaemon.daemon.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.daemon.hooks.HookQueue.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HookQueueTest {
  private final HookQueue queue = new HookQueue();

  @Test
  void aStopFollowsItsStartAndCutsItShort() {
    assertThat(queue.leads(5)).isFalse();
    assertThat(queue.next()).contains(new Run(true, 5));
    assertThat(queue.leads(0)).isTrue();
    assertThat(queue.next()).isEmpty();
    queue.done();
    assertThat(queue.next()).contains(new Run(false, 5));
    queue.done();
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void aLeadershipThatWasOverBeforeItsTurnIsLeftOutWhole() {
    queue.leads(5);
    queue.next();
    queue.leads(0);
    queue.leads(6);
    queue.leads(0);
    queue.leads(7);
    queue.done();
    assertThat(queue.next()).contains(new Run(false, 5));
    queue.done();
    assertThat(queue.next()).contains(new Run(true, 7));
    assertThat(queue.leftOut()).isEqualTo(1);
  }

  @Test
  void anEpochThatFollowsAtOnceEndsTheOneBefore() {
    queue.leads(5);
    queue.next();
    queue.done();
    queue.leads(6);
    assertThat(queue.next()).contains(new Run(false, 5));
    queue.done();
    assertThat(queue.next()).contains(new Run(true, 6));
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /** Whatever happens: start, stop, start, stop …, each stop of the epoch that started. */
  @ParameterizedTest
  @MethodSource("seeds")
  void startsAndStopsAlternate(long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    List<Run> ran = new ArrayList<>();
    long epoch = 0;
    for (int i = 0; i < 200; i++) {
      switch (chance.nextInt(4)) {
        case 0 -> queue.leads(++epoch);
        case 1 -> queue.leads(0);
        case 2 -> queue.next().ifPresent(ran::add);
        default -> queue.done();
      }
    }
    queue.leads(0);
    while (!queue.idle()) {
      queue.done();
      queue.next().ifPresent(ran::add);
    }
    for (int i = 0; i < ran.size(); i++) {
      assertThat(ran.get(i).start()).isEqualTo(i % 2 == 0);
      if (i % 2 == 1) {
        assertThat(ran.get(i).epoch()).isEqualTo(ran.get(i - 1).epoch());
      }
    }
    assertThat(ran.size() % 2).isZero();
  }
}
