package io.ringdaemon.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.election.LeaderRecord.Abstention;
import io.ringdaemon.election.LeaderRecord.Claim;
import io.ringdaemon.model.InstanceDesc.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One node, "me", in all situations. */
class CandidacyTest {
  private final List<Directive> done = new ArrayList<>();
  private String seen = "me:10 b:20 c:30";
  private LeaderRecord heard = LeaderRecord.EMPTY;
  private Optional<Obstacle> disk = Optional.empty();
  private long millis;
  private Candidacy me;

  CandidacyTest() {
    begin(Policy.LOWEST_TOKEN, 0, 0, false);
  }

  private void begin(Policy policy, long delaySeconds, int minVisible, boolean locked) {
    Election.Config config =
        new Election.Config(
            "me", new Origin("me", 1, ""), policy, Duration.ofSeconds(delaySeconds), minVisible);
    me = new Candidacy(config, locked, sight());
    obey(me.onLoaded(sight()));
  }

  private Sight sight() {
    return new Sight(
        Seen.ring(seen), heard, disk, millis * 1_000_000, Seen.START.plusMillis(millis));
  }

  private static Claim claim(long epoch, String id) {
    return new Claim(epoch, id, id + ":80", id, 1, 0, false);
  }

  private void hear(LeaderRecord news) {
    heard = heard.merge(news).value();
    obey(me.onRecord(sight()));
  }

  private void hear(Claim claim) {
    hear(LeaderRecord.EMPTY.claimed(claim));
  }

  private void see(String ring) {
    seen = ring;
    obey(me.look(sight()));
  }

  private void pass(long pause) {
    for (long i = 0; i < pause; i += 250) {
      millis += 250;
      obey(me.onTick(sight()));
    }
  }

  /** What disk and store do when all goes well; what asks other nodes is left to the test. */
  private void obey(List<Directive> todo) {
    for (Directive directive : todo) {
      done.add(directive);
      if (directive instanceof Directive.KeepEpoch keep) {
        obey(me.onRecorded(keep.step(), heard.epoch() + 1, sight()));
      } else if (directive instanceof Directive.Stake stake) {
        heard = heard.merge(LeaderRecord.EMPTY.claimed(stake.claim())).value();
        obey(me.onClaimed(stake.step(), sight()));
      } else if (directive instanceof Directive.Release release) {
        heard = heard.merge(LeaderRecord.EMPTY.claimed(release.claim())).value();
        if (release.with() != null) {
          heard = heard.abstaining("me", release.with());
        }
        obey(me.onRecord(sight()));
      } else if (directive instanceof Directive.Abstain abstain) {
        heard = heard.abstaining("me", abstain.abstention());
        obey(me.onRecord(sight()));
      }
    }
  }

  private boolean leads() {
    return me.leading().isPresent();
  }

  private void lead() {
    hear(claim(1, "c").release());
    assertThat(leads()).isTrue();
    done.clear();
  }

  private <T extends Directive> T last(Class<T> kind) {
    return done.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " in " + done));
  }

  @Test
  void chosenForAnEmptySeatItClaimsWithAHigherEpoch() {
    hear(claim(7, "b").release());
    assertThat(me.leading().orElseThrow().epoch()).isEqualTo(8);
    assertThat(me.handedOver()).isTrue();
  }

  @Test
  void whereNobodyEverLedItWaitsAMoment() {
    seen = "me:10";
    me.look(sight());
    pass(500);
    assertThat(done).isEmpty();
    pass(250);
    assertThat(leads()).isTrue();
  }

  @Test
  void anotherOneThatIsChosenIsLeftAlone() {
    see("me:10 b:5");
    hear(claim(7, "c").release());
    pass(10_000);
    assertThat(leads()).isFalse();
  }

  @Test
  void aHolderThatIsWellIsLeftToStepDownItself() {
    hear(claim(7, "b"));
    pass(10_000);
    assertThat(leads()).isFalse();
  }

  @Test
  void aSuspectHolderIsAskedFirstAndOnlyItsSilenceCounts() {
    hear(claim(7, "b"));
    see("me:10 b:20? c:30");
    Directive.Probe first = last(Directive.Probe.class);
    assertThat(first.node().node()).isEqualTo("b");
    obey(me.onProbed(first.step(), true, sight()));
    assertThat(leads()).isFalse();
    see("me:10 b:20? c:30");
    Directive.Probe second = last(Directive.Probe.class);
    obey(me.onProbed(first.step(), false, sight())); // too late: of the first one
    assertThat(leads()).isFalse();
    obey(me.onProbed(second.step(), false, sight()));
    assertThat(leads()).isTrue();
    assertThat(me.handedOver()).isFalse();
  }

  @Test
  void aDeadHolderIsReplacedAtOnce() {
    hear(claim(7, "b"));
    see("me:10 b:20! c:30");
    assertThat(leads()).isTrue();
  }

  @Test
  void withATakeOverDelayADeadHolderIsReplacedOnlyAfterIt() {
    begin(Policy.LOWEST_TOKEN, 5, 0, false);
    hear(claim(7, "b"));
    pass(3_000);
    see("me:10 b:20! c:30");
    pass(4_500);
    assertThat(leads()).isFalse();
    assertThat(me.obstacle(sight()).orElseThrow().kind()).isEqualTo(Obstacle.Kind.TAKE_OVER_DELAY);
    pass(750);
    assertThat(leads()).isTrue();
  }

  @Test
  void theDelayIsSkippedWhenTheHolderLetGoOrIsSeenLeaving() {
    begin(Policy.LOWEST_TOKEN, 60, 0, false);
    hear(claim(7, "b").release());
    assertThat(leads()).isTrue();
    begin(Policy.LOWEST_TOKEN, 60, 0, false);
    hear(claim(20, "b"));
    see("me:10 b:20~ c:30");
    see("me:10 c:30");
    assertThat(leads()).isTrue();
  }

  @Test
  void theStickyOneStaysAndTheLowestFollowsIt() {
    begin(Policy.STICKY_LOWEST_TOKEN, 0, 0, false);
    hear(claim(7, "c"));
    pass(10_000);
    assertThat(leads()).isFalse();
    see("me:10 b:20 c:30!");
    assertThat(leads()).isTrue();
    see("me:10 b:5 c:30");
    pass(10_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void theOldestIsTheOneRegisteredFirst() {
    begin(Policy.OLDEST, 0, 0, false);
    seen = "b:5 me:10 c:1";
    hear(claim(7, "c").release());
    assertThat(leads()).isFalse();
    see("c:1 me:10"); // c came first
    assertThat(leads()).isFalse();
    see("me:10 c:1");
    assertThat(leads()).isTrue();
  }

  @Test
  void ofTwoLeadersTheOneWithTheSmallerEpochStepsDownAndWritesNothing() {
    lead();
    hear(claim(9, "b"));
    assertThat(leads()).isFalse();
    assertThat(done).noneMatch(directive -> directive instanceof Directive.Release);
  }

  @Test
  void whenAnotherShouldLeadItStepsDownAndNamesItTheSuccessor() {
    lead();
    see("me:10 b:5 c:30");
    assertThat(leads()).isFalse();
    assertThat(last(Directive.Release.class).successor().orElseThrow().id()).isEqualTo("b");
    assertThat(last(Directive.Release.class).claim().released()).isTrue();
  }

  @Test
  void aHandOverCountsAlthoughTheViewStillShowsTheOldLeaderWell() {
    seen = "me:10 b:5";
    hear(claim(7, "b"));
    hear(claim(7, "b").release());
    assertThat(leads()).isFalse();
    obey(me.onHandOver("b", sight()));
    assertThat(leads()).isTrue();
  }

  @Test
  void stoodStillItStepsDownAbstainsAndLeadsAgainOnlyAfterFiveSeconds() {
    lead();
    millis += 2_000;
    obey(me.onTick(sight()));
    assertThat(leads()).isFalse();
    assertThat(last(Directive.Release.class).with()).isNotNull();
    pass(4_750);
    assertThat(leads()).isFalse();
    pass(500);
    assertThat(leads()).isTrue();
  }

  /** Dead or only suspected: who is cut off must not lead on until it has declared them dead. */
  @ParameterizedTest
  @ValueSource(strings = {"me:10 b:20! c:30! d:40", "me:10 b:20? c:30? d:40"})
  void losingMoreThanHalfOfThreeOthersAtOnceItStepsDownButOfTwoTheSurvivorLeadsOn(String left) {
    seen = "me:10 b:20 c:30 d:40";
    lead();
    pass(1_000);
    see(left);
    pass(250);
    assertThat(leads()).isFalse();
    heard = LeaderRecord.EMPTY;
    seen = "me:10 b:20";
    begin(Policy.LOWEST_TOKEN, 0, 0, false);
    hear(claim(20, "b").release());
    pass(1_000);
    see("me:10 b:20!");
    pass(1_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void itsOwnCheckFailingEndsItsLeadAlsoIfNobodyElseCan() {
    seen = "me:10";
    lead();
    see("me:10%");
    assertThat(leads()).isFalse();
    see("me:10");
    pass(6_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void aHeartbeatTheStoreRefusesEndsItsLead() {
    lead();
    obey(me.onHeartbeat(false, sight()));
    assertThat(leads()).isFalse();
    pass(60_000);
    assertThat(leads()).isFalse();
    assertThat(me.obstacle(sight()).orElseThrow().kind())
        .isEqualTo(Obstacle.Kind.HEARTBEAT_REFUSED);
    obey(me.onHeartbeat(true, sight()));
    pass(1_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void onceTheStoreTakesHeartbeatsAgainItWaitsFiveSecondsNotThirty() {
    lead();
    obey(me.onHeartbeat(false, sight()));
    pass(500);
    obey(me.onHeartbeat(true, sight()));
    pass(4_000);
    assertThat(leads()).isFalse();
    LeaderRecord abstaining = heard;
    pass(1_000);
    assertThat(leads()).isTrue();
    heard = abstaining; // the store lost that it was taken back
    obey(me.onRecord(sight()));
    assertThat(leads()).isFalse();
    pass(7_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void seeingTooFewItDoesNotLeadSaysSoAndTakesItBack() {
    begin(Policy.LOWEST_TOKEN, 0, 2, false);
    lead();
    see("me:10 b:20! c:30!");
    pass(250);
    assertThat(leads()).isFalse();
    assertThat(me.obstacle(sight()).orElseThrow().kind()).isEqualTo(Obstacle.Kind.TOO_FEW_VISIBLE);
    pass(60_000);
    Abstention said = last(Directive.Abstain.class).abstention();
    assertThat(said.until() - said.since()).isEqualTo(30_000);
    see("me:10 b:20 c:30!");
    pass(6_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void whoResignsAbstainsUntilAnotherLed() {
    lead();
    obey(me.resign(sight()));
    assertThat(leads()).isFalse();
    assertThat(me.obstacle(sight()).orElseThrow().kind()).isEqualTo(Obstacle.Kind.RESIGNED);
    pass(10_000);
    assertThat(leads()).isFalse();
    hear(claim(heard.epoch() + 1, "b"));
    hear(claim(heard.epoch(), "b").release());
    assertThat(leads()).isTrue();
  }

  @Test
  void whoResignsAloneLeadsAgainAfterHalfAMinute() {
    seen = "me:10";
    lead();
    obey(me.resign(sight()));
    pass(29_500);
    assertThat(leads()).isFalse();
    pass(1_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void anAbstentionWrittenByAnotherForItMakesItResign() {
    lead();
    hear(
        LeaderRecord.EMPTY.abstaining(
            "me", Abstention.from(Seen.START, Duration.ofSeconds(30), heard.epoch())));
    assertThat(leads()).isFalse();
  }

  @Test
  void aDiskThatKeepsNoEpochKeepsItFromStandingAndItSaysSo() {
    disk = Optional.of(new Obstacle(Obstacle.Kind.EPOCH_UNREADABLE, "the epoch can't be read"));
    hear(claim(7, "b").release());
    pass(1_000);
    assertThat(leads()).isFalse();
    assertThat(last(Directive.Abstain.class)).isNotNull();
    disk = Optional.empty();
    pass(1_000);
    assertThat(leads()).isTrue();
  }

  @Test
  void withALockItClaimsOnlyOnceItIsHeldAndLetsItGoAfterTheClaim() {
    begin(Policy.LOWEST_TOKEN, 0, 0, true);
    hear(claim(7, "b").release());
    Directive.Lock lock = last(Directive.Lock.class);
    assertThat(done).noneMatch(directive -> directive instanceof Directive.KeepEpoch);
    assertThat(me.obstacle(sight()).orElseThrow().kind()).isEqualTo(Obstacle.Kind.LOCK_ELSEWHERE);
    obey(me.onLocked(lock.step(), sight()));
    assertThat(leads()).isTrue();
    see("me:10 b:5 c:30");
    assertThat(leads()).isFalse();
    int released = done.indexOf(last(Directive.Release.class));
    assertThat(done.indexOf(last(Directive.Unlock.class))).isGreaterThan(released);
  }

  @Test
  void theHeirAsksOnceASecondWhetherTheLockIsHeldAndOthersDoNot() {
    begin(Policy.LOWEST_TOKEN, 0, 0, true);
    see("a:5 me:10 b:20");
    hear(claim(4, "a"));
    done.clear();
    pass(3_000);
    assertThat(done).filteredOn(Directive.AskLock.class::isInstance).hasSize(3);
    see("a:5 b:7 me:10");
    done.clear();
    pass(3_000);
    assertThat(done).isEmpty();
  }

  @Test
  void aHolderWhoseLockIsFreeIsPassedOverUntilItIsHeardFromAgain() {
    begin(Policy.LOWEST_TOKEN, 0, 0, true);
    see("a:5 me:10");
    hear(claim(4, "a"));
    obey(me.onLockSeen(claim(3, "a"), true, sight()));
    obey(me.onLockSeen(claim(4, "a"), false, sight()));
    assertThat(me.obstacle(sight())).isEmpty();
    obey(me.onLockSeen(claim(4, "a"), true, sight()));
    obey(me.onLocked(last(Directive.Lock.class).step(), sight()));
    assertThat(leads()).isTrue();
    pass(30_000);
    assertThat(leads()).as("it still looks well, but is silent").isTrue();
  }

  @Test
  void aTakeOverDelayCountsFromTheLossOfTheLock() {
    begin(Policy.LOWEST_TOKEN, 10, 0, true);
    see("a:5 me:10");
    hear(claim(4, "a"));
    obey(me.onLockSeen(claim(4, "a"), true, sight()));
    done.clear();
    pass(9_000);
    assertThat(done).filteredOn(Directive.Lock.class::isInstance).isEmpty();
    pass(1_250);
    assertThat(done).filteredOn(Directive.Lock.class::isInstance).hasSize(1);
  }

  @Test
  void whoIsChosenNoLongerStopsWaitingForTheLock() {
    begin(Policy.LOWEST_TOKEN, 0, 0, true);
    hear(claim(7, "b").release());
    Directive.Lock lock = last(Directive.Lock.class);
    see("me:10 b:5 c:30");
    assertThat(last(Directive.Unlock.class)).isNotNull();
    obey(me.onLocked(lock.step(), sight())); // won in the same moment: let go already
    assertThat(leads()).isFalse();
  }

  @Test
  void aLostLockEndsItsLeadAtOnce() {
    begin(Policy.LOWEST_TOKEN, 0, 0, true);
    hear(claim(7, "b").release());
    obey(me.onLocked(last(Directive.Lock.class).step(), sight()));
    obey(me.onLockLost(sight()));
    assertThat(leads()).isFalse();
    assertThat(done).noneMatch(directive -> directive instanceof Directive.Unlock);
  }

  @Test
  void afterStoppingItNeverStandsAgain() {
    lead();
    obey(me.stop(sight()));
    assertThat(last(Directive.Release.class).successor().orElseThrow().id()).isEqualTo("b");
    pass(60_000);
    assertThat(leads()).isFalse();
  }
}
