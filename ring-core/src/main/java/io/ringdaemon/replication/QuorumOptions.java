package io.ringdaemon.replication;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How a {@link QuorumCall} goes about it.
 *
 * @param zones order of zones when not all are asked
 * @param terminal errors after which nobody else need be asked: the whole call fails at once
 * @param cleanup takes each result that isn't returned, also late ones; on the loop
 * @param keepCalls whether the calls whose results are returned stay open, to be cancelled by
 *     whoever got them (dskit: "WithoutSuccessfulContextCancellation"); else they are cancelled
 */
public record QuorumOptions<T>(
    Hedging hedging,
    ZoneSorter zones,
    Predicate<Throwable> terminal,
    Consumer<T> cleanup,
    boolean keepCalls) {

  /** Ask all, no error is terminal, results not returned are dropped. */
  public static <T> QuorumOptions<T> defaults() {
    return new QuorumOptions<>(Hedging.ALL, ZoneSorter.RANDOM, error -> false, result -> {}, false);
  }

  public QuorumOptions<T> withHedging(Hedging hedging) {
    return new QuorumOptions<>(hedging, zones, terminal, cleanup, keepCalls);
  }

  public QuorumOptions<T> withZones(ZoneSorter zones) {
    return new QuorumOptions<>(hedging, zones, terminal, cleanup, keepCalls);
  }

  public QuorumOptions<T> withTerminal(Predicate<Throwable> terminal) {
    return new QuorumOptions<>(hedging, zones, terminal, cleanup, keepCalls);
  }

  public QuorumOptions<T> withCleanup(Consumer<T> cleanup) {
    return new QuorumOptions<>(hedging, zones, terminal, cleanup, keepCalls);
  }

  public QuorumOptions<T> withKeepCalls(boolean keepCalls) {
    return new QuorumOptions<>(hedging, zones, terminal, cleanup, keepCalls);
  }
}
