package io.ringdaemon.lifecycle;

import io.ringdaemon.token.Tokens;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where an instance keeps its tokens between two lives. Stages complete on the loop. */
public interface TokenStore {
  /** Empty: none kept. Fails if they can't be read. */
  CompletionStage<Optional<Tokens>> load();

  /** Completes when they would survive a crash of the host. */
  CompletionStage<Void> save(Tokens tokens);

  /** Forgets them; completes when they would not come back after a crash of the host. */
  default CompletionStage<Void> clear() {
    return save(Tokens.NONE);
  }

  /** Keeps nothing. */
  static TokenStore none() {
    return new TokenStore() {
      @Override
      public CompletionStage<Optional<Tokens>> load() {
        return CompletableFuture.completedFuture(Optional.empty());
      }

      @Override
      public CompletionStage<Void> save(Tokens tokens) {
        return CompletableFuture.completedFuture(null);
      }
    };
  }
}
