package io.ringdaemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.kv.KvStoreContract;
import io.ringdaemon.kv.VirtualClient;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The shell of stores that hold whole values, at moments that no real backend can be brought to.
 */
class RemoteKvStoreTest extends KvStoreContract {
  private final VirtualTime time = new VirtualTime(5);
  private final MemoryBackend backend = new MemoryBackend(time);

  @Override
  protected Client client(String name) {
    VirtualTime.Node node = time.node();
    RemoteKvStore store =
        new RemoteKvStore(node.world(), backend, RemoteKvStore.Settings.DEFAULTS, Metrics.unseen());
    VirtualClient client = new VirtualClient(time, node, store, VirtualClient.Line.NONE);
    client.on(() -> store.get(KEY));
    until("it is connected", () -> store.trouble(KEY.name()).isEmpty());
    return client;
  }

  @Override
  protected void until(String what, BooleanSupplier condition) {
    time.runUntil(Duration.ofMinutes(2), condition);
  }

  @Override
  protected <T> T on(Client client, Supplier<T> work) {
    return ((VirtualClient) client).on(work);
  }

  @Override
  protected OptionalInt largestValue() {
    return OptionalInt.of(backend.largestValue());
  }

  private CompletableFuture<RingDesc> put(Client client, String id, long... tokens) {
    return on(
        client,
        () ->
            client
                .store()
                .cas(
                    KEY,
                    ring ->
                        ring.with(
                            InstanceDesc.of(id, id + ":80", "")
                                .withState(InstanceState.ACTIVE)
                                .withTokens(Tokens.of(tokens))
                                .withTimestamp(ring.timestampFor(id, client.world().now()), 1)))
                .toCompletableFuture());
  }

  private RingDesc written(CompletableFuture<RingDesc> write) {
    until("it is written", write::isDone);
    return write.join();
  }

  private RingDesc seen(Client client) {
    return on(client, () -> client.store().get(KEY));
  }

  @Test
  void aChangeCancelledWhileTheStoreIsDownIsNeverWritten() {
    Client one = client("one");
    written(put(one, "a"));
    int before = backend.writes;
    backend.fail();
    CompletableFuture<RingDesc> unwanted = put(one, "b");
    time.runFor(Duration.ofSeconds(1));
    unwanted.cancel(true);
    backend.down = false;
    time.runFor(Duration.ofSeconds(30));
    assertThat(backend.writes).isEqualTo(before);
    assertThat(seen(one).instance("b")).isEmpty();
  }

  @Test
  void manyThatLostTheStoreAskSeldomAndComeBackApart() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clients.add(client("c" + i));
    }
    backend.fail();
    List<CompletableFuture<RingDesc>> writes =
        clients.stream().map(client -> put(client, "i")).toList();
    time.runFor(Duration.ofMinutes(2));
    assertThat(writes).as("given up").allMatch(CompletableFuture::isCompletedExceptionally);
    int before = backend.requests.size();
    time.runFor(Duration.ofMinutes(1));
    double each = (backend.requests.size() - before) / 60.0 / clients.size();
    assertThat(each).as("requests a second and client in a long outage").isLessThan(0.5);
    long back = time.nanoTime();
    backend.down = false;
    time.runFor(Duration.ofSeconds(10));
    long busiest =
        backend.requests.stream()
            .filter(at -> at >= back)
            .collect(
                java.util.stream.Collectors.groupingBy(
                    at -> (at - back) / 100_000_000, java.util.stream.Collectors.counting()))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    assertThat(busiest).as("requests in the busiest tenth of a second").isLessThan(25);
    clients.forEach(
        client -> assertThat(client.store().trouble(KEY.name())).as("all are back").isEmpty());
  }

  @Test
  void aWatchThatOnlyLooksAliveIsFoundOut() {
    Client one = client("one");
    Client two = client("two");
    backend.deaf = true;
    written(put(one, "a"));
    until("it is seen all the same", () -> seen(two).instance("a").isPresent());
    backend.deaf = false;
    written(put(one, "b"));
    until("a new watch works", () -> seen(two).instance("b").isPresent());
  }

  @Test
  void aStoreThatComesBackEmptyIsBelievedThoughItCountsAsFarAsBefore() {
    Client one = client("one");
    written(put(one, "a"));
    backend.replaceByAnEmptyOne();
    until("the entry is gone", () -> seen(one).instance("a").isEmpty());
    written(put(one, "b"));
    assertThat(seen(one).instance("a")).isEmpty();
    assertThat(seen(one).instance("b")).isPresent();
  }

  @Test
  void whatIsStoredHasNoTombstonesAndTheTokensOwned() {
    Client one = client("one");
    written(put(one, "a", 1, 2));
    written(put(one, "b", 2, 3));
    written(put(one, "c", 4));
    CompletableFuture<RingDesc> forgotten =
        on(one, () -> one.store().cas(KEY, ring -> ring.without("c")).toCompletableFuture());
    written(forgotten);
    CompletableFuture<Stored> read = backend.read(KEY.name()).toCompletableFuture();
    until("it is read", read::isDone);
    RingDesc ring = StoredForm.decode(RingCodec.INSTANCE, read.join().bytes().orElseThrow());
    assertThat(ring.content()).containsExactly("a", "b");
    assertThat(ring.instance("a").orElseThrow().tokens()).isEqualTo(Tokens.of(1, 2));
    assertThat(ring.instance("b").orElseThrow().tokens()).isEqualTo(Tokens.of(3));
    assertThat(seen(one).entry("c")).as("remembered here").isPresent();
  }
}
