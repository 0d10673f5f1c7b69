package io.ringdaemon.store.consul;

import io.ringdaemon.kv.KvStoreContract;
import io.ringdaemon.metrics.Metrics;
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

/** The contract over a real Consul; each client has its own connections, which can be cut. */
@Tag("slow")
class ConsulKvStoreTest extends KvStoreContract {
  @TempDir static Path folder;
  private static ConsulServer consul;

  private final List<AutoCloseable> open = new ArrayList<>();
  private int largest;

  @BeforeAll
  static void startConsul() throws IOException {
    consul = ConsulServer.start(folder);
  }

  @AfterAll
  static void stopConsul() {
    if (consul != null) {
      consul.close();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    consul.clear();
  }

  static ConsulConfig config(int port) {
    return config(port, "");
  }

  static ConsulConfig config(int port, String token) {
    return new ConsulConfig(
        "127.0.0.1:" + port,
        token,
        Duration.ofSeconds(2),
        Duration.ofSeconds(20),
        false,
        ConsulConfig.WatchRate.DEFAULT,
        Optional.empty());
  }

  @Override
  protected Client client(String name) {
    try {
      TcpProxy line = new TcpProxy(consul.port());
      RealClient client =
          new RealClient(
              line,
              world -> {
                ConsulBackend backend = new ConsulBackend(world, config(line.port()));
                open.add(backend);
                largest = backend.largestValue();
                return new RemoteKvStore(
                    world, backend, RemoteKvStore.Settings.DEFAULTS, Metrics.unseen());
              });
      open.add(client);
      client.on(() -> client.store().get(KEY));
      until("it is connected", () -> client.store().trouble(KEY.name()).isEmpty());
      return client;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
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
