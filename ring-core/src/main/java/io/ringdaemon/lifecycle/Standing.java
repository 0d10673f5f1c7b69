package io.ringdaemon.lifecycle;

import io.ringdaemon.lifecycle.Phase.Pending;
import io.ringdaemon.time.World;
import io.ringdaemon.token.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where an instance stands, as others may read it, and the tokens it keeps on disk. Confined to the
 * loop but for its accessors.
 */
final class Standing {
  private final World world;
  private final TokenStore tokenStore;
  private final List<Runnable> listeners = new ArrayList<>();
  private volatile Phase phase = new Pending();
  private volatile String obstacle = "not started";
  private volatile String storageTrouble = "";

  Standing(World world, TokenStore tokenStore) {
    this.world = world;
    this.tokenStore = tokenStore;
  }

  Phase phase() {
    return phase;
  }

  String obstacle() {
    return obstacle;
  }

  String storageTrouble() {
    return storageTrouble;
  }

  void listen(Runnable listener) {
    listeners.add(listener);
  }

  void become(Phase next) {
    boolean noticed = next.state() != phase.state();
    phase = next;
    if (noticed) {
      world.loop().execute(() -> List.copyOf(listeners).forEach(Runnable::run));
    }
  }

  /** Why it isn't registered, in words. */
  void hindered(String why) {
    obstacle = why;
  }

  /** Tokens of an earlier life; none if there are none or they can't be read. */
  CompletionStage<Tokens> load() {
    return tokenStore
        .load()
        .handle(
            (tokens, failure) -> {
              if (failure == null) {
                return tokens.orElse(Tokens.NONE);
              }
              storageTrouble = "tokens can't be read: " + failure.getMessage();
              return Tokens.NONE;
            });
  }

  void save(Tokens tokens) {
    var unused =
        tokenStore
            .save(tokens)
            .whenComplete(
                (done, failure) ->
                    storageTrouble =
                        failure == null ? "" : "tokens can't be written: " + failure.getMessage());
  }

  /** With whether it worked. Never fails: a trouble is shown. */
  CompletionStage<Boolean> clear() {
    return tokenStore
        .clear()
        .handle(
            (done, failure) -> {
              if (failure != null) {
                storageTrouble = "tokens can't be cleared: " + failure.getMessage();
              }
              return failure == null;
            });
  }
}
