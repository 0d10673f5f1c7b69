package io.ringdaemon.replication;

import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * How a {@link Batch} goes about it.
 *
 * @param cleanup runs once, after the last callback has finished, or at once if none is sent
 * @param clientError whether an error is the request's own fault, so that other instances would say
 *     the same; errors of the two families are counted apart. dskit takes status 4xx for that; what
 *     a status is, only the caller knows
 * @param executor where callbacks are sent from
 */
public record BatchOptions(Runnable cleanup, Predicate<Throwable> clientError, Executor executor) {
  /** No cleanup, no client errors, sent where the batch is started. */
  public static final BatchOptions DEFAULTS =
      new BatchOptions(() -> {}, error -> false, Runnable::run);

  public BatchOptions withCleanup(Runnable cleanup) {
    return new BatchOptions(cleanup, clientError, executor);
  }

  public BatchOptions withClientError(Predicate<Throwable> clientError) {
    return new BatchOptions(cleanup, clientError, executor);
  }

  public BatchOptions withExecutor(Executor executor) {
    return new BatchOptions(cleanup, clientError, executor);
  }
}
