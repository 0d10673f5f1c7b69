package io.ringdaemon.lifecycle;

import io.ringdaemon.lifecycle.Phase.Leaving;
import io.ringdaemon.model.InstanceDesc;
import io.ringdaemon.model.InstanceState;
import io.ringdaemon.model.RingDesc;
import io.ringdaemon.token.Tokens;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of leaving (reference/ring-semantics.md 2.2, "Stopping"):
 *
 * <pre>
 *   LEAVING written ─▶ the caller's last work (handing over, flushing) ─▶ final sleep ─▶ heartbeats
 *   end, entry removed unless it shall stay ─▶ stored tokens cleared if asked ─▶ gone
 * </pre>
 *
 * <p>A step that fails is noted and doesn't hold up the next, except that the whole then fails if
 * the entry could not be removed. What shall stay is looked at when it matters, so it may be
 * changed until then. Confined to the loop but for the two settings. <b>Bounds:</b> none for the
 * caller's work: who leaves knows how long that may take.
 */
final class Departure {
  /** Long enough that peers see LEAVING. */
  private static final Duration SHOWN = Duration.ofMillis(300);

  private final Surroundings around;
  private final Runnable stopHeartbeats;
  private final Duration sleep;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private boolean begun;
  private volatile boolean unregister;
  private volatile boolean clearTokens;

  Departure(Surroundings around, Runnable stopHeartbeats) {
    this.around = around;
    this.stopHeartbeats = stopHeartbeats;
    Duration asked = around.config().options().finalSleep();
    sleep = asked.compareTo(SHOWN) > 0 ? asked : SHOWN;
    unregister = around.config().unregisterOnShutdown();
    clearTokens = around.config().options().clearTokens();
  }

  /** Any thread. */
  void unregister(boolean unregister) {
    this.unregister = unregister;
  }

  /** Any thread. */
  void clearTokens(boolean clearTokens) {
    this.clearTokens = clearTokens;
  }

  boolean begun() {
    return begun;
  }

  CompletionStage<Void> done() {
    return done;
  }

  /** Nothing to show; but a first write may be under way, and must not stay behind. */
  void beginUnregistered() {
    begun = true;
    if (around.writer().busy()) {
      around.writer().write(around.own()::withoutOurs, ring -> clear(null), this::clear);
    } else {
      clear(null);
    }
  }

  /** Begins; {@code work} is started once LEAVING is shown, and may end on any thread. */
  void begin(Leaving leaving, Supplier<? extends CompletionStage<?>> work) {
    begun = true;
    around
        .writer()
        .write(
            ring -> around.own().put(ring, InstanceState.LEAVING, held(ring, leaving)),
            ring -> {
              around.standing().become(leaving.holding(held(ring, leaving)));
              work(work);
            },
            failure -> {
              note("could not be shown as LEAVING", failure);
              work(work);
            });
  }

  /** What the ring says: a write under way when leaving began may have changed its tokens. */
  private Tokens held(RingDesc ring, Leaving leaving) {
    return around
        .own()
        .in(ring)
        .filter(around.own()::isOurs)
        .map(InstanceDesc::tokens)
        .orElse(leaving.claimed());
  }

  private void work(Supplier<? extends CompletionStage<?>> work) {
    CompletionStage<?> started;
    try {
      started = work.get();
    } catch (RuntimeException refused) {
      started = CompletableFuture.failedFuture(refused);
    }
    var unused =
        started.whenComplete(
            (result, failure) ->
                around
                    .world()
                    .loop()
                    .execute(
                        () -> {
                          if (failure != null) {
                            note("its last work failed", failure);
                          }
                          around.world().loop().after(sleep, this::remove);
                        }));
  }

  private void remove() {
    stopHeartbeats.run();
    if (!unregister) {
      clear(null);
      return;
    }
    around
        .writer()
        .write(
            around.own()::removedFrom,
            ring -> clear(null),
            failure -> {
              note("could not be removed", failure);
              clear(failure);
            });
  }

  private void clear(@Nullable Throwable failure) {
    if (!clearTokens) {
      end(failure);
      return;
    }
    var unused = around.standing().clear().whenComplete((cleared, never) -> end(failure));
  }

  private void end(@Nullable Throwable failure) {
    if (around.standing().phase() instanceof Leaving leaving) {
      around.standing().become(leaving.gone());
    }
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }

  private void note(String what, Throwable failure) {
    around.journal().accept("leaving", what + ": " + failure);
  }
}
