package io.ringdaemon.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.StoreTrouble;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.store.RemoteKvStore;
import io.ringdaemon.store.TcpProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a ring in etcd when etcd, the way to it, or its content is not as wished. */
@Tag("slow")
class EtcdTroubleTest {
  private static final Key<RingDesc> KEY = new Key<>("collectors/ring", RingCodec.INSTANCE);

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private EtcdServer etcd(String... options) throws IOException {
    EtcdServer etcd = EtcdServer.start(folder, options);
    open.add(etcd);
    return etcd;
  }

  private RealClient client(EtcdConfig config) throws IOException {
    return client(config, Metrics.unseen());
  }

  private RealClient client(EtcdConfig config, Metrics metrics) throws IOException {
    EtcdBackend backend = new EtcdBackend(config);
    RealClient client =
        new RealClient(
            new TcpProxy(1),
            world -> new RemoteKvStore(world, backend, RemoteKvStore.Settings.DEFAULTS, metrics));
    open.add(backend);
    open.add(client);
    client.on(() -> client.store().get(KEY));
    return client;
  }

  private static EtcdConfig config(List<String> endpoints, String user, String password) {
    return new EtcdConfig(
        endpoints, Duration.ofSeconds(1), Duration.ofSeconds(1), user, password, Optional.empty());
  }

  private static EtcdConfig config(EtcdServer etcd) {
    return config(List.of(etcd.endpoint()), "", "");
  }

  private static CompletableFuture<RingDesc> put(RealClient client, String id) {
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

  private static boolean sees(RealClient client, String id) {
    return client.on(() -> client.store().get(KEY)).instance(id).isPresent();
  }

  private static Optional<StoreTrouble> trouble(RealClient client) {
    return client.store().trouble(KEY.name());
  }

  private static void untilTrouble(RealClient client, String text) {
    RealClient.until(
        "trouble: " + text + ", not " + trouble(client),
        () -> trouble(client).filter(one -> one.text().contains(text)).isPresent());
  }

  private static void untilWell(RealClient client) {
    RealClient.until("the trouble is over", () -> trouble(client).isEmpty());
  }

  @Test
  void aRestartOfEtcdIsSurvivedByBothReadersAndWriters() throws Exception {
    EtcdServer etcd = etcd();
    RealClient one = client(config(etcd));
    RealClient two = client(config(etcd));
    put(one, "a").join();
    RealClient.until("it is seen", () -> sees(two, "a"));
    etcd.stop();
    CompletableFuture<RingDesc> meanwhile = put(one, "b");
    untilTrouble(two, "etcd at");
    assertThat(sees(two, "a")).as("the last view stays in use").isTrue();
    assertThat(trouble(two).orElseThrow().lastContact()).isPresent();
    etcd.start();
    meanwhile.join();
    RealClient.until("what was written meanwhile is seen", () -> sees(two, "b"));
    untilWell(two);
    put(two, "c").join();
    RealClient.until("watches work again", () -> sees(one, "c"));
  }

  @Test
  void anEtcdThatStandsStillIsNoticedAndTakenUpAgain() throws Exception {
    EtcdServer etcd = etcd();
    RealClient one = client(config(etcd));
    put(one, "a").join();
    etcd.pause();
    untilTrouble(one, "no answer within 1000 ms");
    assertThat(sees(one, "a")).isTrue();
    etcd.resume();
    untilWell(one);
    put(one, "b").join();
  }

  @Test
  void aWatchWhoseRevisionWasCompactedAwayReadsAndGoesOn() throws Exception {
    EtcdServer etcd = etcd();
    RealClient writer = client(config(etcd));
    TcpProxy line = new TcpProxy(etcd.port());
    RealClient watcher = client(config(List.of("127.0.0.1:" + line.port()), "", ""));
    open.add(line);
    put(writer, "a").join();
    RealClient.until("it is seen", () -> sees(watcher, "a"));
    line.cut();
    for (int i = 0; i < 20; i++) {
      put(writer, "b" + i).join();
    }
    etcd.compact();
    line.mend();
    RealClient.until("the last is seen", () -> sees(watcher, "b19"));
    put(writer, "c").join();
    RealClient.until("it is followed again", () -> sees(watcher, "c"));
  }

  @Test
  void anEtcdThatComesBackEmptyIsBelieved() throws Exception {
    EtcdServer etcd = etcd();
    RealClient one = client(config(etcd));
    put(one, "a").join();
    put(one, "b").join();
    etcd.stop();
    wipe();
    etcd.start();
    RealClient.until("the entries are gone", () -> !sees(one, "a") && !sees(one, "b"));
    put(one, "c").join();
    assertThat(sees(one, "c")).isTrue();
  }

  private void wipe() throws IOException {
    try (var files = java.nio.file.Files.walk(folder.resolve("etcd"))) {
      for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        java.nio.file.Files.delete(path);
      }
    }
  }

  @Test
  void aValueThatIsNoRingIsNotOverwrittenAndSaidSo() throws Exception {
    EtcdServer etcd = etcd();
    byte[] other = "{\"somebody\":\"else's\"}".getBytes(StandardCharsets.UTF_8);
    etcd.put(KEY.name(), other);
    RealClient one = client(config(etcd));
    untilTrouble(one, "not a ringDesc");
    assertThat(trouble(one).orElseThrow().lastContact()).as("nothing was ever read").isEmpty();
    assertThatThrownBy(() -> put(one, "a").join()).hasMessageContaining("not overwritten");
    assertThat(etcd.get(KEY.name())).hasValueSatisfying(held -> assertThat(held).isEqualTo(other));
    etcd.post("kv/deleterange", "{\"key\":\"Y29sbGVjdG9ycy9yaW5n\"}");
    untilWell(one);
    put(one, "a").join();
  }

  @Test
  void unreachableAtTheStartIsTroubleUntilItAnswers() throws Exception {
    EtcdServer etcd = etcd();
    etcd.stop();
    RealClient one = client(config(etcd));
    untilTrouble(one, "refused");
    assertThat(trouble(one).orElseThrow().lastContact()).isEmpty();
    etcd.start();
    untilWell(one);
    put(one, "a").join();
  }

  @Test
  void ofSeveralEndpointsThoseThatAnswerAreUsed() throws Exception {
    EtcdServer etcd = etcd();
    RealClient one = client(config(List.of("127.0.0.1:1", etcd.endpoint()), "", ""));
    untilWell(one);
    put(one, "a").join();
    assertThat(sees(one, "a")).isTrue();
  }

  @Test
  void keysOfOtherProgramsBelowThePrefixAreLeftAlone() throws Exception {
    EtcdServer etcd = etcd();
    etcd.put("collectors/other", new byte[] {1, 2, 3});
    RealClient one = client(config(etcd));
    put(one, "a").join();
    assertThat(trouble(one)).isEmpty();
    assertThat(etcd.get("collectors/other"))
        .hasValueSatisfying(held -> assertThat(held).containsExactly(1, 2, 3));
  }

  @Test
  void credentialsAreUsedAndWrongOnesNamed() throws Exception {
    EtcdServer etcd = etcd();
    etcd.post("auth/user/add", "{\"name\":\"root\",\"password\":\"secret\"}");
    etcd.post("auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
    etcd.post("auth/user/add", "{\"name\":\"nobody\",\"password\":\"known\"}");
    etcd.post("auth/enable", "{}");
    RealClient right = client(config(List.of(etcd.endpoint()), "root", "secret"));
    put(right, "a").join();
    RealClient wrong = client(config(List.of(etcd.endpoint()), "root", "guess"));
    untilTrouble(wrong, "check etcd.username and etcd.password");
    RealClient none = client(config(etcd));
    untilTrouble(none, "set etcd.username and etcd.password");
    RealClient unentitled = client(config(List.of(etcd.endpoint()), "nobody", "known"));
    untilTrouble(unentitled, "user \"nobody\" may not use this key");
    assertThat(sees(right, "a")).isTrue();
  }

  @Test
  void writersThatMeetAreCountedAsConflictsAndLoseNothing() throws Exception {
    EtcdServer etcd = etcd();
    Counted counted = new Counted();
    RealClient one = client(config(etcd), counted);
    RealClient two = client(config(etcd), counted);
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
