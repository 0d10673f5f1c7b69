package io.ringdaemon.election;

import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * The highest epoch this node has seen, kept on its disk: every epoch heard is kept too, so that
 * epochs grow over a restart of all nodes. A store that fails, or doesn't answer for {@link
 * #LIMIT}, is a {@link #trouble}; it is tried again by {@link #recheck}. Confined to the loop.
 */
final class EpochKeeper {
  static final Duration LIMIT = Duration.ofSeconds(5);

  private final World world;
  private final EpochStore store;
  private OptionalLong kept = OptionalLong.empty();
  private boolean loaded;
  private Optional<Obstacle> trouble = Optional.empty();

  EpochKeeper(World world, EpochStore store) {
    this.world = world;
    this.store = store;
  }

  /** Reads what was kept; completes in any case. */
  CompletionStage<Void> load() {
    return within(store.load())
        .handle(
            (epoch, failure) -> {
              loaded = failure == null;
              if (failure == null) {
                kept = epoch;
                trouble = Optional.empty();
              } else {
                trouble = trouble(Obstacle.Kind.EPOCH_UNREADABLE, "read", failure);
              }
              return loaded;
            })
        .thenAccept(done -> {});
  }

  /** Why no epoch can be kept; empty: it can. */
  Optional<Obstacle> trouble() {
    return trouble;
  }

  private static Optional<Obstacle> trouble(Obstacle.Kind kind, String how, Throwable failure) {
    return Optional.of(
        new Obstacle(kind, "the epoch can't be " + how + ": " + failure.getMessage()));
  }

  /** Whether a claim may be tried: what was kept is known. */
  boolean loaded() {
    return loaded;
  }

  /**
   * The epoch to claim when {@code seen} is the highest claimed so far: one more than anything
   * known. With no file a clock helps: what this node may have claimed in a former life is most
   * likely less.
   */
  long next(long seen) {
    long known = Math.max(seen, kept.orElse(0));
    return (kept.isPresent() ? known : Math.max(known, world.now().getEpochSecond())) + 1;
  }

  /** Completes once {@code epoch} would survive a crash; fails if it can't be kept. */
  CompletionStage<Void> keep(long epoch) {
    return within(store.save(epoch))
        .whenComplete(
            (saved, failure) -> {
              if (failure == null) {
                trouble = Optional.empty();
                kept = OptionalLong.of(Math.max(epoch, kept.orElse(0)));
              } else {
                trouble = trouble(Obstacle.Kind.EPOCH_UNWRITABLE, "written", failure);
              }
            });
  }

  /** An epoch was heard of. */
  void heard(long epoch) {
    if (loaded && epoch > kept.orElse(0)) {
      kept = OptionalLong.of(epoch);
      var unused = keep(epoch);
    }
  }

  /** The highest epoch kept; 0 if none. */
  long remembered() {
    return kept.orElse(0);
  }

  /** Tries a store in trouble again; completes in any case. */
  CompletionStage<Void> recheck(long seen) {
    return (loaded ? CompletableFuture.<Void>completedFuture(null) : load())
        .thenCompose(
            done ->
                loaded
                    ? keep(next(seen) - 1).handle((saved, failure) -> "")
                    : CompletableFuture.completedFuture(""))
        .thenAccept(done -> {});
  }

  private <T> CompletionStage<T> within(CompletionStage<T> work) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    var timer =
        world
            .loop()
            .after(
                LIMIT,
                () ->
                    answer.completeExceptionally(
                        new TimeoutException(
                            "no answer from the disk for " + LIMIT.toSeconds() + " s")));
    work.whenComplete(
        (value, failure) -> {
          timer.cancel();
          if (failure == null) {
            answer.complete(value);
          } else {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }
}
