package io.ringdaemon.daemon.e2e;

import io.ringdaemon.store.RealServer;
import io.ringdaemon.store.etcd.EtcdServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Rings in a real etcd. */
@Tag("slow")
class EtcdIT extends StoreScenario {
  @Override
  RealServer start(Path folder) throws Exception {
    return EtcdServer.start(folder);
  }

  @Override
  List<String> kept(RealServer server) {
    return List.of("store=etcd", "etcd.endpoints=[" + server.endpoint() + "]");
  }

  @Override
  String named() {
    return "etcd at";
  }
}
