package io.ringdaemon.daemon.e2e;

import io.ringdaemon.store.RealServer;
import io.ringdaemon.store.consul.ConsulServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Rings in a real Consul. */
@Tag("slow")
class ConsulIT extends StoreScenario {
  @Override
  RealServer start(Path folder) throws Exception {
    return ConsulServer.start(folder);
  }

  @Override
  List<String> kept(RealServer server) {
    return List.of("store=consul", "consul.host=" + server.endpoint());
  }

  @Override
  String named() {
    return "Consul at";
  }
}
