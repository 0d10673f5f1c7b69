package io.ringdaemon.replication;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells a call that nobody wants its result any more. It asks, it does not force: a call that goes
 * on regardless has its late result handed to the cleanup. Any thread.
 */
public final class Cancellation {
  private final CompletableFuture<Void> asked = new CompletableFuture<>();

  public void cancel() {
    asked.complete(null);
  }

  public boolean cancelled() {
    return asked.isDone();
  }

  /**
   * Completes when it is cancelled; stages that depend on it run where {@link #cancel} was called.
   */
  public CompletionStage<Void> whenCancelled() {
    return asked.minimalCompletionStage();
  }
}
