package io.ringdaemon.store.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.gossip.wire.SnappyBlock;
import io.ringdaemon.kv.Key;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.store.RemoteKvStore;
import io.ringdaemon.store.TcpProxy;
import io.ringdaemon.store.consul.ConsulConfig.WatchRate;
import io.ringdaemon.store.consul.OddConsul.Question;
import io.ringdaemon.store.consul.OddConsul.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocking queries by the letter, at moments that no real Consul can be brought to. */
@Tag("slow")
class OddMomentsTest {
  private static final Key<RingDesc> KEY = new Key<>("collectors/ring", RingCodec.INSTANCE);
  private static final WatchRate UNLIMITED = new WatchRate(0, 1);

  private OddConsul consul;
  private RealClient client;

  @AfterEach
  void close() throws Exception {
    client.close();
    consul.close();
  }

  private static Optional<Reply> ring(String id, long index) {
    RingDesc ring = RingDesc.EMPTY.with(InstanceDesc.of(id, id + ":80", "").withTimestamp(1, 1));
    return Optional.of(Reply.value(SnappyBlock.compress(RingCodec.INSTANCE.encode(ring)), index));
  }

  private static Optional<Reply> says(int status, String body) {
    return Optional.of(new Reply(status, Optional.empty(), body));
  }

  private void start(WatchRate rate, Function<Question, Optional<Reply>> answering)
      throws Exception {
    consul = new OddConsul(answering);
    ConsulConfig config =
        new ConsulConfig(
            "127.0.0.1:" + consul.port(),
            "",
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            false,
            rate,
            Optional.empty());
    client =
        new RealClient(
            new TcpProxy(1),
            world ->
                new RemoteKvStore(
                    world,
                    new ConsulBackend(world, config),
                    RemoteKvStore.Settings.DEFAULTS,
                    Metrics.unseen()));
    client.on(() -> client.store().get(KEY));
  }

  private boolean sees(String id) {
    return client.on(() -> client.store().get(KEY)).instance(id).isPresent();
  }

  private void untilTrouble(String text) {
    RealClient.until(
        "trouble: " + text,
        () ->
            client
                .store()
                .trouble(KEY.name())
                .filter(one -> one.text().contains(text))
                .isPresent());
  }

  @Test
  void anIndexThatGoesBackStartsAgainFromNothingAndWhatIsThereThenIsBelieved() throws Exception {
    start(UNLIMITED, asked -> asked.index() == 0 ? ring("old", 100) : Optional.empty());
    RealClient.until("it is seen", () -> sees("old") && !consul.waits().isEmpty());
    consul.answering =
        asked -> asked.index() == 0 || asked.index() > 50 ? ring("restored", 50) : Optional.empty();
    RealClient.until("what was restored is seen", () -> sees("restored") && !sees("old"));
    List<Question> asked = consul.asked;
    RealClient.until("it is followed from there", () -> asked.get(asked.size() - 1).index() == 50);
  }

  @Test
  void anAnswerWithTheSameIndexIsNoNewsAndAskedForAgainNoFasterThanAllowed() throws Exception {
    AtomicInteger told = new AtomicInteger();
    start(new WatchRate(20, 2), asked -> ring("a", 7));
    RealClient.until("it is seen", () -> sees("a"));
    client.on(() -> client.store().watch(KEY, ring -> told.incrementAndGet()));
    RealClient.until("it was asked often", () -> consul.waits().size() >= 20);
    List<Question> waits = consul.waits();
    double seconds = (waits.get(19).nanoTime() - waits.get(0).nanoTime()) / 1e9;
    assertThat(seconds).as("18 of 20 at 20 a second").isGreaterThan(0.85);
    assertThat(waits).allMatch(one -> one.index() == 7);
    assertThat(told).as("once, at once").hasValue(1);
  }

  @Test
  void anIndexOfZeroIsTakenForOneSoThatTheNextQuestionWaits() throws Exception {
    Reply absent = new Reply(404, Optional.of("0"), "");
    start(UNLIMITED, asked -> asked.index() == 0 ? Optional.of(absent) : Optional.empty());
    RealClient.until("it waits", () -> !consul.waits().isEmpty());
    assertThat(consul.waits().get(0).index()).isEqualTo(1);
    consul.answering = asked -> ring("a", 9);
    RealClient.until("what appears is seen", () -> sees("a"));
  }

  @Test
  void errorsAreAnsweredByPausesAndTheViewStays() throws Exception {
    start(UNLIMITED, asked -> ring("a", 7));
    RealClient.until("it is seen", () -> sees("a"));
    consul.answering = asked -> says(500, "No cluster leader");
    untilTrouble("look after Consul's servers");
    int before = consul.asked.size();
    long began = System.nanoTime();
    RealClient.until("it goes on asking", () -> consul.asked.size() >= before + 5);
    assertThat((System.nanoTime() - began) / 1e9).as("pauses double").isGreaterThan(0.5);
    assertThat(sees("a")).isTrue();
    consul.answering = asked -> asked.index() == 0 ? ring("b", 8) : Optional.empty();
    RealClient.until("the trouble is over", () -> client.store().trouble(KEY.name()).isEmpty());
    RealClient.until("news is seen", () -> sees("b"));
  }

  @Test
  void anAnswerThatNeverComesIsGivenUpAndAskedForAnew() throws Exception {
    start(UNLIMITED, asked -> asked.index() == 0 ? ring("a", 7) : Optional.empty());
    RealClient.until("it waits", () -> !consul.waits().isEmpty());
    RealClient.until("it is given up", () -> consul.waits().size() >= 2);
    consul.answering = asked -> Optional.empty();
    untilTrouble("no answer within 1000 ms");
    assertThat(sees("a")).isTrue();
  }

  @Test
  void whatDoesNotSpeakAsConsulDoesIsSaid() throws Exception {
    start(UNLIMITED, asked -> says(200, "<html>welcome</html>"));
    untilTrouble("does not speak as Consul does (no X-Consul-Index)");
    consul.answering =
        asked -> Optional.of(new Reply(200, Optional.of("3"), "<html>welcome</html>"));
    untilTrouble("does not speak as Consul does (no JSON)");
    consul.answering = asked -> Optional.of(new Reply(200, Optional.of("3"), "x".repeat(17 << 20)));
    untilTrouble("an answer of more than 16777216 bytes");
  }
}
