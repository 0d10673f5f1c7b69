package io.ringdaemon.store;

import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.KvStoreContract;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.World;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A {@link KvStoreContract.Client} with a loop, a clock and a line of its own. */
public final class RealClient implements KvStoreContract.Client, AutoCloseable {
  private final NettyLoop loop = new NettyLoop(Metrics.unseen());
  private final World world = new World(Clock.systemUTC(), loop, new SplittableRandom());
  private final TcpProxy line;
  private final KvStore store;
  private volatile CountDownLatch standing = new CountDownLatch(0);

  /** {@code store} is made on the loop. */
  public RealClient(TcpProxy line, Function<World, KvStore> store) {
    this.line = line;
    this.store = on(() -> store.apply(world));
  }

  /** Waits, two minutes at most. */
  public static void until(String what, BooleanSupplier condition) {
    try {
      Awaitility.await(what)
          .atMost(Duration.ofMinutes(2))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException never) {
      throw new AssertionError(never.getMessage() + threads(), never);
    }
  }

  /** Where every thread stands: who waits for whom. */
  private static String threads() {
    StringBuilder all = new StringBuilder();
    for (ThreadInfo one : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      all.append("\n").append(one);
    }
    return all.toString();
  }

  /** Runs {@code work} on the loop. */
  public <T> T on(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, loop).join();
  }

  @Override
  public World world() {
    return world;
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
    CountDownLatch latch = new CountDownLatch(1);
    standing = latch;
    loop.execute(
        () -> {
          try {
            latch.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public void goOn() {
    standing.countDown();
  }

  @Override
  public void close() throws IOException {
    goOn();
    loop.stop();
    line.close();
  }
}
