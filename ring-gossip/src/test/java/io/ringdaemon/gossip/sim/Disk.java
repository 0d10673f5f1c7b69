package io.ringdaemon.gossip.sim;

import io.ringdaemon.election.EpochStore;
import io.ringdaemon.lifecycle.TokenStore;
import io.ringdaemon.token.Tokens;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a node keeps of its tokens and epoch, and what survives its death. */
public final class Disk {
  private Optional<Tokens> tokens = Optional.empty();
  private OptionalLong epoch = OptionalLong.empty();
  private boolean broken;
  private boolean lost;

  /** Writing fails from now on. */
  public void breakDown() {
    broken = true;
  }

  /** Writing works again. */
  public void mend() {
    broken = false;
  }

  /** A new one in its place. */
  public void lose() {
    tokens = Optional.empty();
    epoch = OptionalLong.empty();
    broken = false;
    lost = true;
  }

  /** As if an earlier life had left these. */
  public void put(Tokens tokens) {
    this.tokens = Optional.of(tokens);
  }

  public Optional<Tokens> tokens() {
    return tokens;
  }

  public OptionalLong epoch() {
    return epoch;
  }

  public boolean broken() {
    return broken;
  }

  /** Whether it was ever replaced by a new one: then the ring may remember other tokens. */
  boolean lost() {
    return lost;
  }

  private CompletionStage<Void> write(Runnable change) {
    if (broken) {
      return CompletableFuture.failedFuture(new IOException("disk full"));
    }
    change.run();
    return CompletableFuture.completedFuture(null);
  }

  public TokenStore tokenStore() {
    return new TokenStore() {
      @Override
      public CompletionStage<Optional<Tokens>> load() {
        return CompletableFuture.completedFuture(tokens);
      }

      @Override
      public CompletionStage<Void> save(Tokens saved) {
        return write(() -> tokens = Optional.of(saved));
      }
    };
  }

  public EpochStore epochStore() {
    return new EpochStore() {
      @Override
      public CompletionStage<OptionalLong> load() {
        return CompletableFuture.completedFuture(epoch);
      }

      @Override
      public CompletionStage<Void> save(long saved) {
        return write(() -> epoch = OptionalLong.of(saved));
      }
    };
  }
}
