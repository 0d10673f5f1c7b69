package io.ringdaemon.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.election.LeaderRecord.Ended;
import io.ringdaemon.election.Leadership.Leader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkLeaseTest {
  private final WorkLease lease = new WorkLease("a", 1);
  private LeaderRecord heard = LeaderRecord.EMPTY;
  private Optional<Leader> leader = Optional.empty();
  private long now = 1_000_000_000_000L;

  private static Claim claim(long epoch, String id, boolean released) {
    return new Claim(epoch, id, id + ":80", id, 1, 0, released);
  }

  private void claimed(long epoch, String id) {
    hear(heard.claimed(claim(epoch, id, false)));
    leader = Optional.of(new Leader(id, id + ":80", epoch));
  }

  private void released(long epoch, String id) {
    leader = Optional.empty();
    hear(heard.claimed(claim(epoch, id, true)));
  }

  private void hear(LeaderRecord changed) {
    heard = changed;
    lease.onRecord(heard, now);
  }

  private void after(long millis) {
    now += Duration.ofMillis(millis).toNanos();
  }

  private WorkLease.Answer ask(String name) {
    return lease.ask(name, leadership(leader, "a", now), now);
  }

  private static Leadership leadership(Optional<Leader> leader, String self, long now) {
    return new Leadership(
        leader,
        leader.map(Leader::epoch).orElse(0L),
        Instant.EPOCH,
        Leadership.Rules.DEFAULTS,
        Optional.empty(),
        self,
        now + 1,
        false,
        Optional.empty());
  }

  @Test
  void afterALeaderThatSaidNothingTheFirstLeaseIsGrantedThreeSecondsAfterTheClaim() {
    claimed(4, "b");
    after(60_000);
    claimed(5, "a");

    after(2_999);
    WorkLease.Answer early = ask("x");
    after(1);
    WorkLease.Answer granted = ask("x");

    assertThat(early.granted()).isFalse();
    assertThat(early.pause()).isEqualTo(Duration.ofMillis(1));
    assertThat(granted).isEqualTo(new WorkLease.Answer(true, 5, Duration.ZERO, ""));
  }

  @Test
  void afterALeaderWhoseWorkHasEndedItIsGrantedOnceRivalsWouldBeHeard() {
    claimed(4, "b");
    claimed(5, "a");
    hear(heard.ending(new Ended(4, "b")));

    after(999);
    assertThat(ask("x").granted()).isFalse();
    after(1);
    assertThat(ask("x").granted()).isTrue();
  }

  @Test
  void theEndOfAnotherClaimThanTheOneBeforeProvesNothing() {
    claimed(4, "b");
    claimed(5, "a");
    hear(heard.ending(new Ended(4, "c")));
    after(2_999);
    assertThat(ask("x").granted()).isFalse();
  }

  @Test
  void oneHolderAtATimeUntilItGivesBackOrIsUnheardForThreeSeconds() {
    claimed(5, "a");
    after(3_000);
    assertThat(ask("x").granted()).isTrue();
    after(1_000);
    assertThat(ask("y").reason()).contains("another command");
    assertThat(ask("y").pause()).isEqualTo(Duration.ofSeconds(2));
    assertThat(lease.giveBack("y", now)).isFalse();
    after(2_000);
    assertThat(ask("y").granted()).isTrue();
    assertThat(lease.giveBack("y", now)).isTrue();
    assertThat(ask("x").granted()).isTrue();
  }

  @Test
  void aHolderOfAnEpochThatIsOverMustGiveBackFirst() {
    claimed(5, "a");
    after(3_000);
    assertThat(ask("x").granted()).isTrue();
    released(5, "a");
    claimed(6, "a");
    after(100);
    assertThat(ask("x").reason()).contains("epoch 5 is over");
    lease.giveBack("x", now);
    lease.due(now).ifPresent(ended -> hear(heard.ending(ended)));
    assertThat(ask("x").granted()).isFalse();
    after(2_900);
    assertThat(ask("x").epoch()).isEqualTo(6);
  }

  @Test
  void whoDoesNotLeadIsToldWhoDoes() {
    claimed(5, "b");
    assertThat(ask("x").reason()).isEqualTo("b leads with epoch 5");
    leader = Optional.empty();
    assertThat(ask("x").reason()).isEqualTo("nobody leads");
  }

  @Test
  void theEndIsDueOnceTheClaimIsReleasedAndTheLeaseGivenBack() {
    claimed(5, "a");
    after(3_000);
    assertThat(ask("x").granted()).isTrue();
    assertThat(lease.due(now)).isEmpty();
    released(5, "a");
    assertThat(lease.due(now)).isEmpty();
    lease.giveBack("x", now);
    assertThat(lease.due(now)).contains(new Ended(5, "a"));
    hear(heard.ending(new Ended(5, "a")));
    assertThat(lease.due(now)).isEmpty();
  }

  @Test
  void theEndIsNotDueWhileWorkBeforeTheClaimMayGoOn() {
    claimed(4, "b");
    claimed(5, "a");
    after(500);
    released(5, "a");
    claimed(6, "c");
    assertThat(lease.due(now)).isEmpty();
    after(2_500);
    assertThat(lease.due(now)).contains(new Ended(5, "a"));
  }

  @Test
  void aClaimLostToARivalWithTheSameEpochNeverEnds() {
    claimed(5, "b");
    released(5, "b");
    hear(heard.claimed(claim(6, "a", false)));
    hear(heard.claimed(claim(6, "A", false)));
    after(10_000);
    assertThat(lease.due(now)).isEmpty();
    assertThat(ask("x").granted()).isFalse();
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  /**
   * Three nodes hand the lead on, cleanly or by dying, with records that arrive late (but within a
   * second): work under one claim never overlaps work under another.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void workNeverOverlaps(long seed) {
    new Story(seed).tell();
  }

  private static final class Story {
    private static final int NODES = 3;
    private static final long STEP = Duration.ofMillis(50).toNanos();
    private final SplittableRandom chance;
    private final List<WorkLease> leases = new ArrayList<>();
    private final List<LeaderRecord> views = new ArrayList<>();
    private final long[] worksUntil = new long[NODES]; // a holder's own deadline
    private final long[] worksUnder = new long[NODES];
    private final long[] deadUntil = new long[NODES];
    private LeaderRecord whole = LeaderRecord.EMPTY;
    private long now;
    private long epoch;

    Story(long seed) {
      chance = new SplittableRandom(seed);
      for (int i = 0; i < NODES; i++) {
        leases.add(new WorkLease("" + i, 1));
        views.add(LeaderRecord.EMPTY);
      }
    }

    void tell() {
      int leader = 0;
      long next = 0;
      int worked = 0;
      for (int step = 0; step < 2_000; step++, now += STEP) {
        if (now >= next) {
          if (chance.nextBoolean() && epoch > 0 && deadUntil[leader] <= now) {
            write(leader, views.get(leader).claimed(claim(epoch, "" + leader, true)));
          } else {
            deadUntil[leader] = now + Duration.ofSeconds(4).toNanos(); // silent, and its lead dies
          }
          leader = (leader + 1 + chance.nextInt(NODES - 1)) % NODES;
          deadUntil[leader] = 0;
          views.set(leader, views.get(leader).merge(whole).value());
          leases.get(leader).onRecord(views.get(leader), now);
          write(leader, views.get(leader).claimed(claim(++epoch, "" + leader, false)));
          next = now + Duration.ofMillis(200 + chance.nextInt(8_000)).toNanos();
        }
        for (int node = 0; node < NODES; node++) {
          act(node, leader);
        }
        worked += check();
      }
      assertThat(worked).isPositive();
    }

    private void act(int node, int leader) {
      if (deadUntil[node] > now) {
        return;
      }
      if (chance.nextInt(6) == 0) {
        views.set(node, views.get(node).merge(whole).value());
        leases.get(node).onRecord(views.get(node), now);
      }
      Optional<Leader> leads =
          node == leader ? Optional.of(new Leader("" + node, "", epoch)) : Optional.empty();
      Leadership leadership = leadership(leads, "" + node, now);
      WorkLease.Answer answer = leases.get(node).ask("lead", leadership, now);
      if (answer.granted()) {
        worksUnder[node] = answer.epoch();
        worksUntil[node] = now + Duration.ofSeconds(2).toNanos();
      } else if (worksUntil[node] > now && chance.nextInt(4) == 0) {
        worksUntil[node] = 0; // it has stopped, and says so
        leases.get(node).giveBack("lead", now);
      }
      leases.get(node).due(now).ifPresent(ended -> write(node, views.get(node).ending(ended)));
    }

    private void write(int node, LeaderRecord changed) {
      views.set(node, changed);
      leases.get(node).onRecord(changed, now);
      whole = whole.merge(changed).value();
    }

    private int check() {
      List<Long> working = new ArrayList<>();
      for (int node = 0; node < NODES; node++) {
        if (worksUntil[node] > now) {
          working.add(worksUnder[node]);
        }
      }
      assertThat(working).as("epochs at work at " + now / 1e9).hasSizeLessThanOrEqualTo(1);
      return working.size();
    }
  }
}
