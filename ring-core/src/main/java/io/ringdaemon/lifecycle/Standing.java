package io.ringdaemon.lifecycle;

import io.ringdaemon.lifecycle.Phase.Pending;
import io.ringdaemon.time.World;
import io.ringdaemon.token.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private volatile Optional<Obstacle> obstacle =
      Optional.of(new Obstacle(Obstacle.Kind.NOT_STARTED, "not started"));
  private volatile String storageTrouble = "";

  Standing(World world, TokenStore tokenStore) {
    this.world = world;
    this.tokenStore = tokenStore;
  }

  Phase phase() {
    return phase;
  }

  Optional<Obstacle> obstacle() {
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

  void hindered(Obstacle.Kind kind, String why) {
    obstacle = Optional.of(new Obstacle(kind, why));
  }

  /** It is registered. */
  void unhindered() {
    obstacle = Optional.empty();
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
