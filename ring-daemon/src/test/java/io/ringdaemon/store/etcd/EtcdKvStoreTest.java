package io.ringdaemon.store.etcd;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStoreContract;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.model.RingCodec;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.store.RemoteKvStore;
import io.ringdaemon.store.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a real etcd; each client has its own connection, which can be cut. */
@Tag("slow")
class EtcdKvStoreTest extends KvStoreContract {
  @TempDir static Path folder;
  private static EtcdServer etcd;

  private final List<AutoCloseable> open = new ArrayList<>();
  private int largest;

  @BeforeAll
  static void startEtcd() throws IOException {
    etcd = EtcdServer.start(folder);
  }

  @AfterAll
  static void stopEtcd() {
    if (etcd != null) {
      etcd.close();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    etcd.post("kv/deleterange", "{\"key\":\"AA==\",\"range_end\":\"AA==\"}");
  }

  static EtcdConfig config(int port) {
    return new EtcdConfig(
        List.of("127.0.0.1:" + port),
        Duration.ofSeconds(2),
        Duration.ofSeconds(2),
        "",
        "",
        Optional.empty());
  }

  @Override
  protected Client client(String name) {
    try {
      TcpProxy line = new TcpProxy(etcd.port());
      EtcdBackend backend = new EtcdBackend(config(line.port()));
      largest = backend.largestValue();
      RealClient client =
          new RealClient(
              line,
              world ->
                  new RemoteKvStore(
                      world, backend, RemoteKvStore.Settings.DEFAULTS, Metrics.unseen()));
      open.add(client);
      open.add(backend);
      client.on(() -> client.store().get(KEY));
      until("it is connected", () -> client.store().trouble(KEY.name()).isEmpty());
      return client;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  static Key<io.ringdaemon.model.RingDesc> key(String name) {
    return new Key<>(name, RingCodec.INSTANCE);
  }

  @Override
  protected void until(String what, BooleanSupplier condition) {
    RealClient.until(what, condition);
  }

  @Override
  protected <T> T on(Client client, Supplier<T> work) {
    return ((RealClient) client).on(work);
  }

  @Override
  protected OptionalInt largestValue() {
    return OptionalInt.of(largest);
  }
}
