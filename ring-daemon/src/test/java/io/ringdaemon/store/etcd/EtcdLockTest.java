package io.ringdaemon.store.etcd;

import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.store.LeaderLockContract;
import io.ringdaemon.time.World;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** The lock over a real etcd. */
@Tag("slow")
class EtcdLockTest extends LeaderLockContract {
  @Override
  protected EtcdServer start() throws IOException {
    return EtcdServer.start(folder);
  }

  @Override
  protected LeaderLock lock(World world, String name) {
    EtcdBackend backend = new EtcdBackend(EtcdKvStoreTest.config(server.port()));
    open.add(backend);
    return new EtcdLock(world, backend, "ring-daemon/leader/collectors/ring/", name);
  }

  @Override
  protected void takeAway() throws Exception {
    server.clear();
  }
}
