package io.ringdaemon.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.store.RealClient;
import io.ringdaemon.time.World;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock over a real etcd: one holder, handed over, lost when it can't be renewed. */
@Tag("slow")
class EtcdLockTest {
  private static final String PREFIX = "ring-daemon/leader/collectors/ring/";

  @TempDir Path folder;
  private EtcdServer etcd;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    etcd = EtcdServer.start(folder);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    if (etcd != null) {
      etcd.close();
    }
  }

  private final class Candidate {
    private final NettyLoop loop = new NettyLoop(Metrics.unseen());
    private final World world = new World(Clock.systemUTC(), loop, new SplittableRandom(1));
    private final AtomicInteger lost = new AtomicInteger();
    private final LeaderLock lock;

    private Candidate(String name) {
      EtcdBackend backend = new EtcdBackend(EtcdKvStoreTest.config(etcd.port()));
      open.add(backend);
      open.add(loop::stop);
      lock = new EtcdLock(world, backend, PREFIX, name);
    }

    private <T> CompletableFuture<T> on(Supplier<CompletionStage<T>> work) {
      return CompletableFuture.supplyAsync(work, loop).thenCompose(stage -> stage);
    }

    private CompletableFuture<Void> acquire() {
      return on(() -> lock.acquire(lost::incrementAndGet));
    }

    private boolean holds() {
      return on(() -> CompletableFuture.completedFuture(lock.heldUntil() - world.nanoTime() > 0))
          .join();
    }
  }

  @Test
  void theFirstHoldsItTheSecondGetsItWhenItIsReleased() throws Exception {
    Candidate one = new Candidate("one");
    Candidate two = new Candidate("two");
    one.acquire().get(30, TimeUnit.SECONDS);
    assertThat(one.holds()).isTrue();
    CompletableFuture<Void> waiting = two.acquire();
    TimeUnit.SECONDS.sleep(2 * EtcdLock.TTL.toSeconds());
    assertThat(waiting).as("renewed, it is kept beyond its time to live").isNotDone();
    assertThat(one.lost).hasValue(0);
    one.on(one.lock::release).get(30, TimeUnit.SECONDS);
    waiting.get(30, TimeUnit.SECONDS);
    CompletableFuture<Void> queued = one.acquire();
    assertThat(queued).isNotDone();
    assertThat(two.holds()).isTrue();
  }

  @Test
  void whoNoLongerWaitsDoesNotBlockOthers() throws Exception {
    Candidate one = new Candidate("one");
    Candidate two = new Candidate("two");
    Candidate three = new Candidate("three");
    one.acquire().get(30, TimeUnit.SECONDS);
    CompletableFuture<Void> second = two.acquire();
    CompletableFuture<Void> third = three.acquire();
    TimeUnit.MILLISECONDS.sleep(500);
    two.on(two.lock::release).get(30, TimeUnit.SECONDS);
    assertThat(second).isCompletedExceptionally();
    one.on(one.lock::release).get(30, TimeUnit.SECONDS);
    third.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aHolderThatCanNotReachEtcdStepsDownBeforeAnybodyElseCanHaveIt() throws Exception {
    Candidate one = new Candidate("one");
    one.acquire().get(30, TimeUnit.SECONDS);
    etcd.pause();
    RealClient.until("it is lost", () -> one.lost.get() == 1);
    assertThat(one.holds()).isFalse();
    etcd.resume();
    Candidate two = new Candidate("two");
    two.acquire().get(60, TimeUnit.SECONDS);
    assertThat(one.lost).as("told once").hasValue(1);
    CompletableFuture<Void> queued = one.acquire();
    TimeUnit.SECONDS.sleep(2);
    assertThat(queued).isNotDone();
    assertThat(two.holds()).isTrue();
  }

  @Test
  void aHolderThatStoodStillFindsItsLockGone() throws Exception {
    Candidate one = new Candidate("one");
    Candidate two = new Candidate("two");
    one.acquire().get(30, TimeUnit.SECONDS);
    CompletableFuture<Void> waiting = two.acquire();
    CountDownLatch standing = new CountDownLatch(1);
    one.loop.execute(
        () -> {
          try {
            standing.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });
    waiting.get(60, TimeUnit.SECONDS);
    assertThat(one.lock.heldUntil() - System.nanoTime())
        .as("certain only up to a moment that had passed when the other got it")
        .isNegative();
    standing.countDown();
    RealClient.until("it is told", () -> one.lost.get() == 1);
    assertThat(two.holds()).isTrue();
  }

  @Test
  void aKeyTakenAwayIsALockLost() throws Exception {
    Candidate one = new Candidate("one");
    one.acquire().get(30, TimeUnit.SECONDS);
    etcd.post("kv/deleterange", "{\"key\":\"AA==\",\"range_end\":\"AA==\"}");
    RealClient.until("it is lost", () -> one.lost.get() == 1);
    one.acquire().get(30, TimeUnit.SECONDS);
    assertThat(one.holds()).isTrue();
  }
}
