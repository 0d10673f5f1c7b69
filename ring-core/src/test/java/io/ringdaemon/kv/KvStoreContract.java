package io.ringdaemon.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.time.World;
import io.ringdaemon.token.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link KvStore} promises; each store's test says how its clients are made. */
public abstract class KvStoreContract {
  protected static final Key<RingDesc> KEY = new Key<>("collectors/ring", RingCodec.INSTANCE);

  /** One process that uses the store. */
  public interface Client {
    World world();

    KvStore store();

    /** Nothing gets through to it or from it until {@link #reconnect}, if there is a way at all. */
    void cutOff();

    void reconnect();

    /** Its loop stands still until {@link #goOn}. */
    void standStill();

    void goOn();
  }

  /** A further process that uses the same store. */
  protected abstract Client client(String name);

  /** Lets time pass until the condition holds; fails with {@code what} if it never does. */
  protected abstract void until(String what, BooleanSupplier condition);

  /** Runs {@code work} on the client's loop and returns what it returned. */
  protected abstract <T> T on(Client client, Supplier<T> work);

  /** Bytes of the largest value it takes; empty: any the test can make. */
  protected abstract OptionalInt largestValue();

  private RingDesc seenBy(Client client) {
    return on(client, () -> client.store().get(KEY));
  }

  private CompletableFuture<RingDesc> put(Client client, String id, int... tokens) {
    return cas(client, ring -> ring.with(instance(client.world(), ring, id, tokens)));
  }

  private CompletableFuture<RingDesc> cas(
      Client client, java.util.function.UnaryOperator<RingDesc> update) {
    return on(client, () -> client.store().cas(KEY, update).toCompletableFuture());
  }

  private <T> T done(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    until("the store has answered", future::isDone);
    return future.join();
  }

  private static InstanceDesc instance(World world, RingDesc ring, String id, int... tokens) {
    return InstanceDesc.of(id, id + ":80", "zone")
        .withState(InstanceState.ACTIVE)
        .withTokens(Tokens.ofInts(IntStream.of(tokens).boxed().toList()))
        .withTimestamp(ring.timestampFor(id, world.now()), 1);
  }

  private static List<String> ids(RingDesc ring) {
    return ring.instances().stream().map(InstanceDesc::id).toList();
  }

  @Test
  void aKeyNobodyWroteHoldsTheEmptyValue() {
    Client one = client("one");
    assertThat(seenBy(one)).isEqualTo(RingDesc.EMPTY);
    assertThat(done(on(one, () -> one.store().list("")))).isEmpty();
  }

  @Test
  void aWrittenValueIsKnownToWhoWroteItAtOnceAndToOthersSoon() {
    Client one = client("one");
    Client two = client("two");
    RingDesc written = done(put(one, "a", 1, 2, 3));
    assertThat(ids(written)).containsExactly("a");
    assertThat(seenBy(one)).isEqualTo(written);
    until("the other sees it", () -> seenBy(two).equals(written));
    assertThat(seenBy(two).instance("a").orElseThrow().tokens().size()).isEqualTo(3);
  }

  @Test
  void anUpdateThatChangesNothingTellsNobody() {
    Client one = client("one");
    RingDesc written = done(put(one, "a", 1));
    AtomicInteger told = new AtomicInteger();
    on(one, () -> one.store().watch(KEY, ring -> told.incrementAndGet()));
    assertThat(done(cas(one, ring -> ring))).isEqualTo(written);
    assertThat(told).as("once at once, and not again").hasValue(1);
  }

  @Test
  void anUpdateThatFailsChangesNothing() {
    Client one = client("one");
    RingDesc written = done(put(one, "a", 1));
    CompletableFuture<RingDesc> failed =
        cas(
            one,
            ring -> {
              throw new IllegalArgumentException("no");
            });
    until("it has failed", failed::isDone);
    assertThatThrownBy(failed::join).hasRootCauseInstanceOf(IllegalArgumentException.class);
    assertThat(seenBy(one)).isEqualTo(written);
    assertThat(ids(done(put(one, "b", 2)))).containsExactly("a", "b");
  }

  @Test
  void writersWhoMeetAllCount() {
    List<Client> clients = List.of(client("one"), client("two"), client("three"));
    List<CompletableFuture<RingDesc>> writes = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (int writer = 0; writer < clients.size(); writer++) {
        writes.add(
            put(clients.get(writer), "i-%d-%d".formatted(writer, round), 100 * round + writer));
      }
    }
    writes.forEach(this::done);
    for (Client client : clients) {
      until("all thirty are seen", () -> seenBy(client).instances().size() == 30);
    }
  }

  @Test
  void aWatcherIsToldAtOnceAndThenNeverOfAnEarlierState() {
    Client one = client("one");
    Client two = client("two");
    List<Integer> sizes = new ArrayList<>();
    on(two, () -> two.store().watch(KEY, ring -> sizes.add(ring.instances().size())));
    assertThat(sizes).containsExactly(0);
    for (int i = 0; i < 10; i++) {
      done(put(one, "i-" + i, i));
    }
    until("the last change is told", () -> on(two, () -> sizes.get(sizes.size() - 1)) == 10);
    assertThat(sizes).isSorted();
  }

  /** Who waits for a change and looks at what its watcher made of it would else see the past. */
  @Test
  void watchersAreToldOfAChangeBeforeItCompletes() {
    Client one = client("one");
    AtomicReference<RingDesc> told = new AtomicReference<>(RingDesc.EMPTY);
    on(one, () -> one.store().watch(KEY, told::set));
    for (int change = 0; change < 10; change++) {
      String id = "i-" + change;
      CompletionStage<RingDesc> toldByThen =
          on(
              one,
              () ->
                  one.store()
                      .cas(KEY, ring -> ring.with(instance(one.world(), ring, id, id.hashCode())))
                      .thenApply(written -> told.get()));
      assertThat(done(toldByThen).instance(id)).as("told of " + id).isPresent();
    }
  }

  @Test
  void aCancelledWatchIsToldNothingMore() {
    Client one = client("one");
    AtomicInteger told = new AtomicInteger();
    KvStore.Watch watch = on(one, () -> one.store().watch(KEY, ring -> told.incrementAndGet()));
    on(
        one,
        () -> {
          watch.cancel();
          return true;
        });
    done(put(one, "a", 1));
    assertThat(told).hasValue(1);
  }

  @Test
  void aRemovedEntryStaysRemovedUntilItIsWrittenAnew() {
    Client one = client("one");
    Client two = client("two");
    done(put(one, "a", 1));
    done(put(one, "b", 2));
    until("both are seen", () -> seenBy(two).instances().size() == 2);
    done(cas(two, ring -> ring.without("a")));
    assertThat(ids(seenBy(two))).containsExactly("b");
    until("it is gone for the other too", () -> ids(seenBy(one)).equals(List.of("b")));
    assertThat(seenBy(one).entry("a")).as("the removal is remembered").isPresent();
    done(put(one, "a", 1));
    until("it is back", () -> ids(seenBy(two)).equals(List.of("a", "b")));
  }

  @Test
  void aDeletedKeyIsEmptyForAllAndMayBeWrittenAnew() {
    Client one = client("one");
    Client two = client("two");
    done(put(one, "a", 1));
    until("it is seen", () -> ids(seenBy(two)).equals(List.of("a")));
    done(on(two, () -> two.store().delete(KEY)));
    assertThat(ids(seenBy(two))).isEmpty();
    until("it is gone for the other too", () -> ids(seenBy(one)).isEmpty());
    done(on(two, () -> two.store().delete(new Key<>("never written", RingCodec.INSTANCE))));
    done(put(one, "b", 2));
    until("the new value is seen", () -> ids(seenBy(two)).equals(List.of("b")));
  }

  @Test
  void keysAreListedByTheirPrefix() {
    Client one = client("one");
    for (String name : List.of("collectors/b", "collectors/a", "other/c")) {
      Key<RingDesc> key = new Key<>(name, RingCodec.INSTANCE);
      done(
          on(
              one,
              () -> one.store().cas(key, ring -> ring.with(instance(one.world(), ring, "i", 1)))));
    }
    assertThat(done(on(one, () -> one.store().list("collectors/"))))
        .containsExactly("collectors/a", "collectors/b");
    assertThat(done(on(one, () -> one.store().list("nobody/")))).isEmpty();
  }

  @Test
  void aWatcherThatStandsStillMissesNoLastState() {
    Client one = client("one");
    Client two = client("two");
    AtomicInteger told = new AtomicInteger();
    AtomicReference<RingDesc> last = new AtomicReference<>();
    on(
        two,
        () ->
            two.store()
                .watch(
                    KEY,
                    ring -> {
                      told.incrementAndGet();
                      last.set(ring);
                    }));
    two.standStill();
    for (int i = 0; i < 100; i++) {
      done(put(one, "i", i));
    }
    two.goOn();
    RingDesc written = seenBy(one);
    until("the last state is told", () -> written.equals(last.get()));
    assertThat(told.get()).isLessThanOrEqualTo(101);
  }

  @Test
  void aLostConnectionIsTakenUpAgain() {
    Client one = client("one");
    Client two = client("two");
    done(put(one, "a", 1));
    until("it is seen", () -> ids(seenBy(two)).equals(List.of("a")));
    two.cutOff();
    done(put(one, "b", 2));
    CompletableFuture<RingDesc> meanwhile = put(two, "c", 3);
    assertThat(seenBy(two).instance("a")).as("the last view stays in use").isPresent();
    two.reconnect();
    until("the write made meanwhile has ended", meanwhile::isDone);
    if (meanwhile.isCompletedExceptionally()) {
      done(put(two, "c", 3));
    }
    for (Client client : List.of(one, two)) {
      until("all of it is seen", () -> ids(seenBy(client)).equals(List.of("a", "b", "c")));
    }
    until("all is well", () -> two.store().trouble(KEY.name()).isEmpty());
  }

  @Test
  void aCancelledCallHoldsUpNobody() {
    Client one = client("one");
    Client two = client("two");
    done(put(one, "a", 1));
    until("it is seen", () -> ids(seenBy(two)).equals(List.of("a")));
    two.cutOff();
    CompletableFuture<RingDesc> unwanted = put(two, "b", 2);
    unwanted.cancel(true);
    two.reconnect();
    done(put(two, "c", 3));
    until("what came after it is seen", () -> seenBy(one).instance("c").isPresent());
    until("both agree", () -> seenBy(one).equals(seenBy(two)));
  }

  @Test
  void aLargeValueIsTakenWholeAndOneTooLargeLeavesWhatWasThere() {
    Client one = client("one");
    Client two = client("two");
    int[] tokens = IntStream.range(0, 400_000).map(i -> i * 10_007).toArray();
    CompletableFuture<RingDesc> large = put(one, "large", tokens);
    until("it has ended", large::isDone);
    if (largestValue().isEmpty()) {
      until("all of it is seen", () -> seenBy(two).equals(large.join()));
    } else {
      assertThatThrownBy(large::join)
          .hasMessageContaining("bytes")
          .hasMessageContaining(Integer.toString(largestValue().getAsInt()));
      assertThat(ids(seenBy(one))).isEmpty();
      done(put(one, "small", 1));
      until("the store still works", () -> ids(seenBy(two)).equals(List.of("small")));
    }
  }
}
