package io.ringdaemon.store.consul;

import io.ringdaemon.store.Backend;
import io.ringdaemon.store.RealServer;
import io.ringdaemon.store.RealStoreContract;
import io.ringdaemon.time.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** The contract over a real Consul. */
@Tag("slow")
class ConsulKvStoreTest extends RealStoreContract {
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
  protected RealServer start(Path folder) throws IOException {
    return ConsulServer.start(folder);
  }

  @Override
  protected Backend backend(World world, int port) {
    return new ConsulBackend(world, config(port));
  }
}
