package io.ringdaemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.daemon.local.NettyLoop;
import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.metrics.Metrics;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real store's lock: one holder, handed over, lost when it can't be renewed. */
public abstract class LeaderLockContract {
  private static final int TTL_SECONDS = 5;

  @TempDir protected Path folder;
  protected RealServer server;
  protected final List<AutoCloseable> open = new ArrayList<>();

  protected abstract RealServer start() throws Exception;

  /** A lock of {@code name} with a connection of its own, added to {@link #open}. */
  protected abstract LeaderLock lock(World world, String name);

  /** Takes the lock from whoever has it, by hand. */
  protected abstract void takeAway() throws Exception;

  @BeforeEach
  void startServer() throws Exception {
    server = start();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    if (server != null) {
      server.close();
    }
  }

  protected final class Candidate {
    private final NettyLoop loop = new NettyLoop(Metrics.unseen());
    private final World world = new World(Clock.systemUTC(), loop, new SplittableRandom());
    private final AtomicInteger lost = new AtomicInteger();
    private final LeaderLock lock;

    public Candidate(String name) {
      lock = lock(world, name);
      open.add(loop::stop);
    }

    private <T> CompletableFuture<T> on(Supplier<CompletionStage<T>> work) {
      return CompletableFuture.supplyAsync(work, loop).thenCompose(stage -> stage);
    }

    public CompletableFuture<Void> acquire() {
      return on(() -> lock.acquire(lost::incrementAndGet));
    }

    public CompletableFuture<Void> release() {
      return on(lock::release);
    }

    public boolean seesItVacant() {
      return on(lock::vacant).join();
    }

    public boolean holds() {
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
    TimeUnit.SECONDS.sleep(2 * TTL_SECONDS);
    assertThat(waiting).as("renewed, it is kept beyond its time to live").isNotDone();
    assertThat(one.lost).hasValue(0);
    one.release().get(30, TimeUnit.SECONDS);
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
    two.release().get(30, TimeUnit.SECONDS);
    assertThat(second).isCompletedExceptionally();
    one.release().get(30, TimeUnit.SECONDS);
    third.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aHolderThatCanNotReachTheStoreStepsDownBeforeAnybodyElseCanHaveIt() throws Exception {
    Candidate one = new Candidate("one");
    one.acquire().get(30, TimeUnit.SECONDS);
    server.pause();
    RealClient.until("it is lost", () -> one.lost.get() == 1);
    assertThat(one.holds()).isFalse();
    server.resume();
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
  void whetherAnybodyHoldsItCanBeSeenFromElsewhere() throws Exception {
    Candidate one = new Candidate("one");
    Candidate two = new Candidate("two");
    assertThat(two.seesItVacant()).as("nobody ever had it").isTrue();
    one.acquire().get(30, TimeUnit.SECONDS);
    for (int second = 0; second < 2 * TTL_SECONDS; second++) {
      assertThat(two.seesItVacant()).isFalse();
      TimeUnit.SECONDS.sleep(1);
    }
    one.loop.stop(); // renews no more, as if killed
    RealClient.until("it is seen", two::seesItVacant);
    two.acquire().get(30, TimeUnit.SECONDS);
    assertThat(two.seesItVacant()).isFalse();
    two.release().get(30, TimeUnit.SECONDS);
    assertThat(two.seesItVacant()).isTrue();
  }

  @Test
  void aKeyTakenAwayIsALockLost() throws Exception {
    Candidate one = new Candidate("one");
    one.acquire().get(30, TimeUnit.SECONDS);
    takeAway();
    RealClient.until("it is lost", () -> one.lost.get() == 1);
    one.acquire().get(30, TimeUnit.SECONDS);
    assertThat(one.holds()).isTrue();
  }
}
