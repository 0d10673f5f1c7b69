package io.ringdaemon.gossip.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/** Runs a scenario for many seeds, as many at once as there are processors. */
public final class Seeds {
  private Seeds() {}

  /**
   * Runs seeds {@code first} to {@code last} until one fails or {@code deadline} is over.
   *
   * @param deadline of {@code System.nanoTime()}
   * @param done told of each seed that passed, by any of the threads
   * @return what failed first
   */
  public static Optional<Throwable> run(
      Scenario scenario, int nodes, long first, long last, long deadline, LongConsumer done)
      throws InterruptedException {
    AtomicLong next = new AtomicLong(first);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  long seed = next.getAndIncrement();
                  while (seed <= last && failure.get() == null && System.nanoTime() < deadline) {
                    try {
                      scenario.run(seed, nodes);
                      done.accept(seed);
                    } catch (Throwable broken) { // StackOverflowError and the like are finds too
                      failure.compareAndSet(null, broken);
                    }
                    seed = next.getAndIncrement();
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      return Optional.ofNullable(failure.get());
    } catch (ExecutionException ours) {
      throw new IllegalStateException(ours.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  /** All of them; throws what failed first. */
  public static void all(Scenario scenario, int nodes, long first, long last) throws Throwable {
    Optional<Throwable> failure = run(scenario, nodes, first, last, Long.MAX_VALUE, seed -> {});
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /**
   * For {@link MutationTest}, which calls it in a class loader of its own: the first of seeds 0 to
   * {@code last} that fails, a space, and why, in a line; empty if none does within two minutes.
   */
  public static String firstFailing(String scenario, long last) {
    Scenario story = Scenarios.named(scenario);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    for (long seed = 0; seed <= last && System.nanoTime() < deadline; seed++) {
      try {
        story.run(seed, story.nodes());
      } catch (SimulationFailure caught) {
        return seed
            + " "
            + String.valueOf(caught.getCause().getMessage()).trim().lines().findFirst().orElse("");
      }
    }
    return "";
  }
}
