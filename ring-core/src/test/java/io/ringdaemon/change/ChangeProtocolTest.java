package io.ringdaemon.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.change.ChangeMessage.Accepted;
import io.ringdaemon.change.ChangeMessage.Applied;
import io.ringdaemon.change.ChangeMessage.Apply;
import io.ringdaemon.change.ChangeMessage.Ask;
import io.ringdaemon.change.ChangeMessage.Node;
import io.ringdaemon.change.ChangeMessage.NotLeading;
import io.ringdaemon.change.ChangeMessage.Told;
import io.ringdaemon.change.ChangeProtocol.Directive;
import io.ringdaemon.election.LeaderRecord;
import io.ringdaemon.kv.MalformedValueException;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingDesc;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeProtocolTest {
  private static final Node LEADER = new Node("leader", 1);
  private static final Node OTHER = new Node("other", 2);
  private static final Change FORGET = new Change.Forget(List.of("x"), false);
  private static final Result DONE = Result.done("v2", RingDesc.EMPTY);

  private final ChangeProtocol protocol = new ChangeProtocol();
  private final Seen seen = new Seen();
  private long millis;

  private static final class Seen implements ChangeProtocol.Sight {
    private boolean leads;
    private Optional<Node> leader = Optional.of(LEADER);
    private Optional<Node> writer = Optional.empty();
    private String version = "v1";

    @Override
    public boolean selfLeads() {
      return leads;
    }

    @Override
    public long epoch() {
      return 7;
    }

    @Override
    public Optional<Node> leader() {
      return leads ? Optional.empty() : leader;
    }

    @Override
    public String version() {
      return version;
    }

    @Override
    public Optional<Node> writer(Change change) {
      return writer;
    }
  }

  private static Request request(String id, String... versions) {
    return new Request(id, FORGET, 0, List.of(versions), "test");
  }

  private long nanos() {
    return millis * 1_000_000;
  }

  private List<Directive> ask(Request request) {
    return protocol.ask(request, nanos(), seen);
  }

  private List<Directive> hear(Node from, ChangeMessage message) {
    return protocol.onMessage(from, message, nanos(), seen);
  }

  private List<Directive> after(long pause) {
    millis += pause;
    return protocol.onTick(nanos(), seen);
  }

  private List<Directive> done(String id) {
    return protocol.onCarriedOut(id, DONE, nanos(), seen);
  }

  private static Directive ask(Node to, Request request) {
    return new Directive.Send(to, new Ask(request.under(7)));
  }

  @Test
  void theLeaderIsAskedAndWhatItTellsIsTheAnswer() {
    assertThat(ask(request("1"))).containsExactly(ask(LEADER, request("1")));
    assertThat(hear(LEADER, new Told("1", DONE)))
        .containsExactly(new Directive.Relay(request("1"), DONE));
    assertThat(protocol.busy()).isFalse();
    assertThat(hear(LEADER, new Told("1", DONE))).isEmpty();
  }

  @Test
  void theLeaderAndWhoSeesNoneCarryItOutThemselves() {
    seen.leader = Optional.empty();
    assertThat(ask(request("1"))).containsExactly(new Directive.CarryOut(request("1")));
    assertThat(done("1")).containsExactly(new Directive.Answer("1", DONE));
    seen.leads = true;
    assertThat(ask(request("2"))).containsExactly(new Directive.CarryOut(request("2")));
  }

  @Test
  void aSilentLeaderIsAskedAgainAndAfterASecondItIsDoneHere() {
    ask(request("1"));
    assertThat(after(200)).isEmpty();
    assertThat(after(100)).containsExactly(ask(LEADER, request("1")));
    assertThat(after(699)).hasSize(1);
    assertThat(after(1)).containsExactly(new Directive.CarryOut(request("1")));
    assertThat(hear(LEADER, new Told("1", DONE))).isEmpty();
    assertThat(done("1")).containsExactly(new Directive.Answer("1", DONE));
  }

  @Test
  void aLeaderThatSaysItIsAtItIsWaitedForAndSomebodyIsToldAfterFourSeconds() {
    ask(request("1"));
    for (int i = 0; i < 7; i++) {
      assertThat(after(500)).containsExactly(ask(LEADER, request("1")));
      hear(LEADER, new Accepted("1"));
    }
    assertThat(after(500)).contains(new Directive.GiveUp("1"));
    assertThat(protocol.busy()).isFalse();
  }

  @Test
  void aRetryRepeatsNothingForAMinute() {
    seen.leads = true;
    assertThat(hear(OTHER, new Ask(request("1")))).hasSize(1);
    assertThat(hear(OTHER, new Ask(request("1"))))
        .containsExactly(new Directive.Send(OTHER, new Accepted("1")));
    assertThat(done("1")).containsExactly(new Directive.Send(OTHER, new Told("1", DONE)));
    millis += 59_000;
    assertThat(hear(OTHER, new Ask(request("1"))))
        .containsExactly(new Directive.Send(OTHER, new Told("1", DONE)));
    assertThat(ask(request("1"))).containsExactly(new Directive.Answer("1", DONE));
    millis += 1_000;
    assertThat(ask(request("1"))).containsExactly(new Directive.CarryOut(request("1")));
  }

  @Test
  void anIdThatStoodForAnotherChangeIsRefused() {
    seen.leads = true;
    ask(request("1"));
    done("1");
    Change other = new Change.Forget(List.of("y"), false);
    List<Directive> todo = ask(new Request("1", other, 0, List.of(), "test"));
    assertThat(todo)
        .singleElement()
        .isInstanceOfSatisfying(
            Directive.Answer.class,
            answer -> assertThat(answer.result().outcome()).isEqualTo(Result.Outcome.REFUSED));
  }

  @Test
  void whoDoesNotLeadSaysWhomItSeesAndTheAskerAsksThere() {
    assertThat(hear(OTHER, new Ask(request("1"))))
        .containsExactly(new Directive.Send(OTHER, new NotLeading("1", Optional.of(LEADER), 7)));
    ask(request("2"));
    assertThat(hear(LEADER, new NotLeading("2", Optional.of(OTHER), 8)))
        .containsExactly(ask(OTHER, request("2")));
    assertThat(hear(LEADER, new NotLeading("2", Optional.of(OTHER), 8))).isEmpty();
  }

  @Test
  void anOutdatedLeaderDoesNotActOnAnAskUnderAHigherEpoch() {
    seen.leads = true;
    assertThat(hear(OTHER, new Ask(request("1").under(8))))
        .containsExactly(new Directive.Send(OTHER, new NotLeading("1", Optional.empty(), 7)));
  }

  @Test
  void nodesThatNameEachOtherMakeNoLoop() {
    ask(request("1"));
    Node asked = LEADER;
    int asks = 1;
    while (true) {
      Node next = asked.equals(LEADER) ? OTHER : LEADER;
      List<Directive> todo = hear(asked, new NotLeading("1", Optional.of(next), 8));
      if (todo.equals(List.of(new Directive.CarryOut(request("1"))))) {
        break;
      }
      assertThat(todo).containsExactly(ask(next, request("1")));
      asked = next;
      assertThat(++asks).isLessThanOrEqualTo(1 + ChangeProtocol.MOST_REDIRECTS);
    }
  }

  @Test
  void basedOnAnotherVersionItIsNotCarriedOut() {
    seen.leads = true;
    assertThat(hear(OTHER, new Ask(request("1", "v0", "v9"))))
        .containsExactly(new Directive.Send(OTHER, new Told("1", Result.stale("v1"))));
    assertThat(hear(OTHER, new Ask(request("2", "v0", "v1")))).hasSize(1);
  }

  @Test
  void aConditionalOneWaitsForThoseBeforeAndHoldsThoseAfterIt() {
    seen.leads = true;
    ask(request("1"));
    assertThat(ask(request("2"))).containsExactly(new Directive.CarryOut(request("2")));
    assertThat(ask(request("3", "v2"))).isEmpty();
    assertThat(ask(request("4"))).isEmpty();
    done("1");
    seen.version = "v2";
    assertThat(done("2"))
        .containsExactly(
            new Directive.Answer("2", DONE), new Directive.CarryOut(request("3", "v2")));
    assertThat(done("3"))
        .containsExactly(new Directive.Answer("3", DONE), new Directive.CarryOut(request("4")));
  }

  @Test
  void whatOneAloneWritesIsAskedOfItAndLearntBeforeTheNextIsChecked() {
    seen.leads = true;
    seen.writer = Optional.of(OTHER);
    Request first = request("1", "v1");
    assertThat(ask(first)).containsExactly(new Directive.Send(OTHER, new Apply(first)));
    assertThat(ask(request("2", "v1"))).isEmpty();
    assertThat(after(300)).containsExactly(new Directive.Send(OTHER, new Apply(first)));
    assertThat(hear(OTHER, new Applied("1", DONE)))
        .containsExactly(new Directive.Learn(first, DONE));
    assertThat(hear(OTHER, new Applied("1", DONE))).isEmpty();
    seen.version = "v2";
    assertThat(done("1"))
        .containsExactly(
            new Directive.Answer("1", DONE), new Directive.Answer("2", Result.stale("v2")));
  }

  @Test
  void aSilentWriterIsPassedOverAfterASecond() {
    seen.leads = true;
    seen.writer = Optional.of(OTHER);
    ask(request("1"));
    after(300);
    after(300);
    after(300);
    assertThat(after(100)).containsExactly(new Directive.CarryOut(request("1")));
  }

  @Test
  void anInstanceAppliesARepeatedDemandOnce() {
    assertThat(hear(LEADER, new Apply(request("1"))))
        .containsExactly(new Directive.ApplyOwn(request("1")));
    assertThat(hear(LEADER, new Apply(request("1")))).isEmpty();
    assertThat(protocol.onOwnApplied(request("1"), DONE, nanos()))
        .containsExactly(new Directive.Send(LEADER, new Applied("1", DONE)));
    assertThat(hear(LEADER, new Apply(request("1"))))
        .containsExactly(new Directive.Send(LEADER, new Applied("1", DONE)));
  }

  @Test
  void aStoreThatNeverAnswersHoldsNobodyUpForEver() {
    seen.leads = true;
    ask(request("1", "v1"));
    ask(request("2"));
    after(5_000);
    assertThat(after(5_000)).contains(new Directive.CarryOut(request("2")));
  }

  @Test
  void whoDeposesTheLeaderIsToldOfWhatStillWaited() {
    seen.leads = true;
    ask(request("1", "v1"));
    hear(OTHER, new Ask(request("2")));
    seen.leads = false;
    assertThat(done("1"))
        .contains(new Directive.Send(OTHER, new NotLeading("2", Optional.of(LEADER), 7)));
  }

  @Test
  void pendingChangesAndKeptResultsAreBounded() {
    for (int i = 0; i < ChangeProtocol.MOST_PENDING; i++) {
      assertThat(ask(request("p" + i))).hasSize(1);
    }
    assertThat(ask(request("one more")))
        .singleElement()
        .isInstanceOfSatisfying(
            Directive.Answer.class,
            answer -> assertThat(answer.result().outcome()).isEqualTo(Result.Outcome.REFUSED));
    KeptResults kept = new KeptResults(100);
    for (int i = 0; i < 150; i++) {
      kept.keep("k" + i, FORGET, DONE, 0);
    }
    assertThat(kept.size()).isEqualTo(100);
    assertThat(kept.pushedOut()).isEqualTo(50);
    KeptResults large = new KeptResults(10_000);
    List<String> ids =
        IntStream.range(0, 1_000).mapToObj(i -> "instance-%05d".formatted(i)).toList();
    for (int i = 0; i < 1_000; i++) {
      large.keep("k" + i, FORGET, forgotten(ids), 0);
    }
    assertThat(large.size()).isLessThan(250);
  }

  private static Result forgotten(List<String> ids) {
    return new Result(
        Result.Outcome.DONE,
        "v",
        "",
        ids,
        List.of("absent"),
        List.of("unknown"),
        List.of("living"),
        RingDesc.of(List.of(InstanceDesc.tombstone("x", 5))),
        LeaderRecord.EMPTY);
  }

  static List<ChangeMessage> messages() {
    Request forget =
        new Request("id", new Change.Forget(List.of("a", "b"), true), 7, List.of("v"), "me");
    return List.of(
        new Ask(forget),
        new Ask(new Request("id", new Change.ForgetUnhealthy(), 7, List.of(), "me")),
        new Apply(new Request("id", new Change.SetReadOnly("a", true), 7, List.of(), "me")),
        new Ask(new Request("id", new Change.Resign("a", 9), 7, List.of("v", "w"), "")),
        new Accepted("id"),
        new Told("id", forgotten(List.of("a"))),
        new Applied("id", Result.refused("v", "why")),
        new Told("id", Result.stale("v")),
        new NotLeading("id", Optional.of(LEADER), 3),
        new NotLeading("id", Optional.empty(), 3));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesComeThroughAndMutatedOnesAreRefusedOrRead(ChangeMessage message) {
    byte[] bytes = ChangeCodec.encode(message);
    assertThat(ChangeCodec.decode(bytes)).isEqualTo(message);
    SplittableRandom chance = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] mutated = bytes.clone();
      mutated[chance.nextInt(mutated.length)] = (byte) chance.nextInt(256);
      try {
        assertThat(ChangeCodec.decode(mutated)).isNotNull();
      } catch (MalformedValueException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }
}
