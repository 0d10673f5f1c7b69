package io.ringdaemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.StoreTrouble;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.time.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a ring kept by another program when that program, the way to it, or what it holds
 * is not as wished: the same for all of them.
 */
public abstract class StoreTroubleContract {
  protected static final Key<RingDesc> KEY = new Key<>("collectors/ring", RingCodec.INSTANCE);

  @TempDir protected Path folder;
  protected final List<AutoCloseable> open = new ArrayList<>();

  /** A running one, empty, in {@link #folder}. */
  protected abstract RealServer start() throws Exception;

  /** A client of the one at {@code port}, whose requests end after a second. */
  protected abstract Backend backend(World world, int port);

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  protected RealServer server() throws Exception {
    RealServer server = start();
    open.add(server);
    return server;
  }

  protected RealClient client(int port) throws Exception {
    return client(port, Metrics.unseen());
  }

  private RealClient client(int port, Metrics metrics) throws Exception {
    return client(world -> backend(world, port), metrics);
  }

  protected RealClient client(Function<World, Backend> backend) throws Exception {
    return client(backend, Metrics.unseen());
  }

  private RealClient client(Function<World, Backend> backend, Metrics metrics) throws Exception {
    RealClient client =
        new RealClient(
            new TcpProxy(1),
            world -> {
              Backend made = backend.apply(world);
              open.add(made);
              return new RemoteKvStore(world, made, RemoteKvStore.Settings.DEFAULTS, metrics);
            });
    open.add(client);
    client.on(() -> client.store().get(KEY));
    return client;
  }

  protected static CompletableFuture<RingDesc> put(RealClient client, String id) {
    return client.on(
        () ->
            client
                .store()
                .cas(
                    KEY,
                    ring ->
                        ring.with(
                            InstanceDesc.of(id, id + ":80", "")
                                .withState(InstanceState.ACTIVE)
                                .withTimestamp(ring.timestampFor(id, client.world().now()), 1)))
                .toCompletableFuture());
  }

  protected static boolean sees(RealClient client, String id) {
    return client.on(() -> client.store().get(KEY)).instance(id).isPresent();
  }

  protected static Optional<StoreTrouble> trouble(RealClient client) {
    return client.store().trouble(KEY.name());
  }

  protected static void untilTrouble(RealClient client, String text) {
    RealClient.until(
        "trouble: " + text + ", not " + trouble(client),
        () -> trouble(client).filter(one -> one.text().contains(text)).isPresent());
  }

  protected static void untilWell(RealClient client) {
    RealClient.until("the trouble is over", () -> trouble(client).isEmpty());
  }

  @Test
  void aRestartIsSurvivedByBothReadersAndWriters() throws Exception {
    RealServer server = server();
    RealClient one = client(server.port());
    RealClient two = client(server.port());
    put(one, "a").join();
    RealClient.until("it is seen", () -> sees(two, "a"));
    server.stop();
    CompletableFuture<RingDesc> meanwhile = put(one, "b");
    untilTrouble(two, " at 127.0.0.1");
    assertThat(sees(two, "a")).as("the last view stays in use").isTrue();
    assertThat(trouble(two).orElseThrow().lastContact()).isPresent();
    server.start();
    meanwhile.join();
    RealClient.until("what was written meanwhile is seen", () -> sees(two, "b"));
    untilWell(two);
    put(two, "c").join();
    RealClient.until("watches work again", () -> sees(one, "c"));
  }

  @Test
  void aServerThatStandsStillIsNoticedAndTakenUpAgain() throws Exception {
    RealServer server = server();
    RealClient one = client(server.port());
    put(one, "a").join();
    server.pause();
    untilTrouble(one, "no answer within 1000 ms");
    assertThat(sees(one, "a")).isTrue();
    server.resume();
    untilWell(one);
    put(one, "b").join();
  }

  @Test
  void aServerThatComesBackEmptyIsBelieved() throws Exception {
    RealServer server = server();
    RealClient one = client(server.port());
    put(one, "a").join();
    put(one, "b").join();
    server.stop();
    server.wipe();
    server.start();
    RealClient.until("the entries are gone", () -> !sees(one, "a") && !sees(one, "b"));
    put(one, "c").join();
    assertThat(sees(one, "c")).isTrue();
  }

  @Test
  void aValueThatIsNoRingIsNotOverwrittenAndSaidSo() throws Exception {
    RealServer server = server();
    byte[] other = "{\"somebody\":\"else's\"}".getBytes(StandardCharsets.UTF_8);
    server.put(KEY.name(), other);
    RealClient one = client(server.port());
    untilTrouble(one, "not a ringDesc");
    assertThat(trouble(one).orElseThrow().lastContact()).as("nothing was ever read").isEmpty();
    assertThatThrownBy(() -> put(one, "a").join()).hasMessageContaining("not overwritten");
    assertThat(server.get(KEY.name()))
        .hasValueSatisfying(held -> assertThat(held).isEqualTo(other));
    server.delete(KEY.name());
    untilWell(one);
    put(one, "a").join();
  }

  @Test
  void unreachableAtTheStartIsTroubleUntilItAnswers() throws Exception {
    RealServer server = server();
    server.stop();
    RealClient one = client(server.port());
    untilTrouble(one, "refused");
    assertThat(trouble(one).orElseThrow().lastContact()).isEmpty();
    server.start();
    untilWell(one);
    put(one, "a").join();
  }

  @Test
  void keysOfOtherProgramsBelowThePrefixAreLeftAlone() throws Exception {
    RealServer server = server();
    server.put("collectors/other", new byte[] {1, 2, 3});
    RealClient one = client(server.port());
    put(one, "a").join();
    assertThat(trouble(one)).isEmpty();
    assertThat(server.get("collectors/other"))
        .hasValueSatisfying(held -> assertThat(held).containsExactly(1, 2, 3));
  }

  @Test
  void writersThatMeetAreCountedAsConflictsAndLoseNothing() throws Exception {
    RealServer server = server();
    Counted counted = new Counted();
    RealClient one = client(server.port(), counted);
    RealClient two = client(server.port(), counted);
    List<CompletableFuture<RingDesc>> writes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      writes.add(put(one, "one-" + i));
      writes.add(put(two, "two-" + i));
    }
    writes.forEach(CompletableFuture::join);
    RealClient.until(
        "all are seen", () -> one.on(() -> one.store().get(KEY)).instances().size() == 100);
    assertThat(counted.conflicts.sum()).isPositive();
  }

  /** Metrics of which one counter is looked at. */
  private static final class Counted implements Metrics {
    private final Metrics unseen = Metrics.unseen();
    private final LongAdder conflicts = new LongAdder();

    @Override
    public LongAdder counter(String name, String help, String... labels) {
      return name.equals("ring_daemon_store_conflicts_total")
          ? conflicts
          : unseen.counter(name, help, labels);
    }

    @Override
    public void gauge(
        String name, String help, java.util.function.DoubleSupplier value, String... labels) {}

    @Override
    public io.ringdaemon.metrics.Latency latency(String name, String help, String... labels) {
      return unseen.latency(name, help, labels);
    }
  }
}
