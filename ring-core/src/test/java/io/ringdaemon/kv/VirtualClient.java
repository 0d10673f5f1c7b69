package io.ringdaemon.kv;

import io.ringdaemon.time.VirtualTime;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A {@link KvStoreContract.Client} in virtual time. */
public final class VirtualClient implements KvStoreContract.Client {
  /** What a line between it and the others is; in one process there is none. */
  public interface Line {
    void cut();

    void mend();

    Line NONE =
        new Line() {
          @Override
          public void cut() {}

          @Override
          public void mend() {}
        };
  }

  private final VirtualTime time;
  private final VirtualTime.Node node;
  private final KvStore store;
  private final Line line;

  public VirtualClient(VirtualTime time, VirtualTime.Node node, KvStore store, Line line) {
    this.time = time;
    this.node = node;
    this.store = store;
    this.line = line;
  }

  /** Runs {@code work} on its loop. */
  public <T> T on(Supplier<T> work) {
    CompletableFuture<T> done = CompletableFuture.supplyAsync(work, node);
    time.runUntil(Duration.ofMinutes(1), done::isDone);
    return done.join();
  }

  @Override
  public World world() {
    return node.world();
  }

  @Override
  public KvStore store() {
    return store;
  }

  @Override
  public void cutOff() {
    line.cut();
  }

  @Override
  public void reconnect() {
    line.mend();
  }

  @Override
  public void standStill() {
    node.freeze(Duration.ofSeconds(1));
  }

  @Override
  public void goOn() {
    time.runFor(Duration.ofSeconds(2));
  }
}
