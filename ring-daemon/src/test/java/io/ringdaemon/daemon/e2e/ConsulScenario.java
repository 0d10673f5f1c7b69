package io.ringdaemon.daemon.e2e;

import io.ringdaemon.store.RealServer;
import io.ringdaemon.store.consul.ConsulServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Rings in a real Consul. Not run with the others, since it fails now and then on a known fault
 * (docs/stores.md): {@code mvn verify -Dit.test=ConsulScenario …} runs it.
 */
@Tag("slow")
class ConsulScenario extends StoreScenario {
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
