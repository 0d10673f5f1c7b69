package io.ringdaemon.store;

import io.ringdaemon.kv.KvStoreContract;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract over a real program that keeps the values, the same one for all tests; each client
 * has its own connections, which can be cut.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RealStoreContract extends KvStoreContract {
  private final List<AutoCloseable> open = new ArrayList<>();
  private RealServer server;
  private int largest;

  /** A running one, empty, in {@code folder}. */
  protected abstract RealServer start(Path folder) throws Exception;

  /** A client of the one at {@code port}. */
  protected abstract Backend backend(World world, int port);

  @BeforeAll
  void startServer(@TempDir Path folder) throws Exception {
    server = start(folder);
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    open.clear();
    server.clear();
  }

  @Override
  protected Client client(String name) {
    try {
      TcpProxy line = new TcpProxy(server.port());
      RealClient client =
          new RealClient(
              line,
              world -> {
                Backend backend = backend(world, line.port());
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
