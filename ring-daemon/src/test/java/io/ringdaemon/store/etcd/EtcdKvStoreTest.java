package io.ringdaemon.store.etcd;

import io.ringdaemon.store.Backend;
import io.ringdaemon.store.RealServer;
import io.ringdaemon.store.RealStoreContract;
import io.ringdaemon.time.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** The contract over a real etcd. */
@Tag("slow")
class EtcdKvStoreTest extends RealStoreContract {
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
  protected RealServer start(Path folder) throws IOException {
    return EtcdServer.start(folder);
  }

  @Override
  protected Backend backend(World world, int port) {
    return new EtcdBackend(config(port));
  }
}
