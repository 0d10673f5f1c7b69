package io.ringdaemon.kv;

import io.ringdaemon.time.VirtualTime;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Its clients are parts of one process: one loop, no line to cut. */
class InMemoryKvStoreTest extends KvStoreContract {
  private final VirtualTime time = new VirtualTime(1);
  private final VirtualTime.Node node = time.node();
  private final KvStore store = new InMemoryKvStore(node.world());

  @Override
  protected Client client(String name) {
    return new VirtualClient(time, node, store, VirtualClient.Line.NONE);
  }

  @Override
  protected void until(String what, BooleanSupplier condition) {
    time.runUntil(Duration.ofMinutes(1), condition);
  }

  @Override
  protected <T> T on(Client client, Supplier<T> work) {
    return ((VirtualClient) client).on(work);
  }

  @Override
  protected OptionalInt largestValue() {
    return OptionalInt.empty();
  }
}
