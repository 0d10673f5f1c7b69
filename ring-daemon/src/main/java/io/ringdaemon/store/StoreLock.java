package io.ringdaemon.store;

import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the locks of all stores have in common: one {@link Hold} at a time, which asks, waits, has,
 * renews, loses or releases it. How a store is asked is each lock's own.
 *
 * <p><b>Promises</b> {@link #heldUntil} is counted from before a renewal was sent, in elapsed time,
 * so a process that stood still finds it in the past.
 *
 * <p><b>Threading:</b> confined to the loop; answers are brought there. <b>Bounds:</b> one request
 * at a time, each answered within two seconds or failed.
 */
public abstract class StoreLock implements LeaderLock {
  /** How soon to look again whether it is free, or to ask again what was not answered. */
  protected static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  /** Clocks may run at different speeds, and the store's own may be late. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private static final Duration LIMIT = Duration.ofSeconds(2);

  protected final World world;
  private final Duration silence;
  private @Nullable Hold hold;

  /**
   * @param silence without a renewal for so long, the lock is anybody's
   */
  protected StoreLock(World world, Duration silence) {
    this.world = world;
    this.silence = silence;
  }

  /** One that has not begun. */
  protected abstract Hold hold(Runnable lost);

  @Override
  public final CompletionStage<Void> acquire(Runnable lost) {
    assert world.loop().inside() : "outside the loop";
    if (hold != null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the lock is asked for or held already"));
    }
    Hold next = hold(lost);
    hold = next;
    next.begin();
    return next.held;
  }

  @Override
  public final long heldUntil() {
    Hold now = hold;
    return now == null ? world.nanoTime() : now.until;
  }

  @Override
  public final CompletionStage<Void> release() {
    assert world.loop().inside() : "outside the loop";
    Hold before = hold;
    hold = null;
    return before == null ? CompletableFuture.completedFuture(null) : before.end();
  }

  @Override
  public final CompletionStage<Boolean> vacant() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    then(
        free(),
        (yes, failure) -> {
          if (failure == null) {
            answer.complete(yes);
          } else {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }

  /** Asks whether nobody holds it. */
  protected abstract CompletableFuture<Boolean> free();

  /** Tells {@code next} on the loop what came of it. */
  protected final <T> void then(
      CompletableFuture<T> request, BiConsumer<T, @Nullable Throwable> next) {
    var unused =
        request
            .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (answer, failure) -> world.loop().execute(() -> next.accept(answer, failure)));
  }

  /** One time of asking for it, and of having it. */
  protected abstract class Hold {
    private final Runnable lost;
    private final CompletableFuture<Void> held = new CompletableFuture<>();
    private long until;
    private Loop.@Nullable Timer timer;

    protected Hold(Runnable lost) {
      this.lost = lost;
    }

    /** Asks for what it is held by (a lease, a session), then for the lock. */
    protected abstract void begin();

    /** The next step, after a pause in which it has not ended. */
    protected abstract void goOn();

    /** Gives back what it is held by, if there is any, without waiting for the answer. */
    protected abstract void drop();

    /**
     * Lets others have it; ends in {@link #freed}.
     *
     * @param had whether it was held, not only asked for
     */
    protected abstract void letGo(boolean had, CompletableFuture<Void> free);

    /** A failure, as whoever asked for it is told. */
    protected abstract Throwable told(Throwable failure);

    /** Elapsed nanoseconds at which it ends unless it is renewed. */
    protected long ends() {
      return until;
    }

    /** Released, or lost: what is still answered is of no interest. */
    protected final boolean over() {
      return hold != this;
    }

    protected final boolean has() {
      return held.isDone();
    }

    /** As {@link #then}, unless it is {@link #over} by then; what fails is tried again. */
    protected final <T> void ask(CompletableFuture<T> request, Consumer<T> next) {
      then(
          request,
          (answer, failure) -> {
            if (over()) {
              return;
            }
            if (failure == null) {
              next.accept(answer);
            } else if (ended()) {
              gone(failure);
            } else {
              after(LOOK_AGAIN);
            }
          });
    }

    /** What was asked for at {@code asked} keeps it. */
    protected final void renewed(long asked) {
      until = asked + silence.minus(MARGIN).toNanos();
    }

    /** It is ours, or still ours: to be renewed in time. */
    protected final void won() {
      held.complete(null);
      after(silence.dividedBy(3));
    }

    protected final void after(Duration pause) {
      timer = world.loop().after(pause, this::due);
    }

    private void due() {
      if (over()) {
        return;
      }
      if (ended()) {
        gone(new IllegalStateException("it was not renewed in time"));
      } else {
        goOn();
      }
    }

    private boolean ended() {
      return world.nanoTime() - ends() >= 0;
    }

    protected final void fail(Throwable failure) {
      if (!over()) {
        hold = null;
      }
      drop();
      held.completeExceptionally(told(failure));
    }

    /** Held, it is lost; not yet held, it is refused. */
    protected final void gone(Throwable why) {
      boolean had = has();
      fail(why);
      if (had) {
        lost.run();
      }
    }

    private CompletionStage<Void> end() {
      boolean had = has();
      if (timer != null) {
        timer.cancel();
      }
      held.completeExceptionally(new IllegalStateException("released before it was held"));
      CompletableFuture<Void> free = new CompletableFuture<>();
      letGo(had, free);
      return free;
    }

    /** What can't be released ends by itself; until then others must wait anyway. */
    protected final void freed(CompletableFuture<Void> free, @Nullable Throwable failure) {
      if (failure == null) {
        free.complete(null);
      } else {
        world.loop().after(silence, () -> free.complete(null));
      }
    }
  }
}
