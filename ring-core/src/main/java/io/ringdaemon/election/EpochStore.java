package io.ringdaemon.election;

import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Where a node keeps the highest epoch it has seen. Stages complete on the loop. */
public interface EpochStore {
  /** Empty: never kept one. Fails if the one kept can't be read. */
  CompletionStage<OptionalLong> load();

  /** Completes when it would survive a crash of the host. */
  CompletionStage<Void> save(long epoch);
}
