package io.ringdaemon.replication;

import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.time.World;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Batch} goes: counts answers key by key and ends the batch as soon as its outcome is
 * sure (reference/ring-semantics.md 5.9).
 *
 * <p><b>Threading:</b> confined to the loop once begun; {@link #result}, {@link #progress} and
 * {@link #finished} may be called from any thread. <b>Bounds:</b> six numbers and a reference a
 * key.
 */
public final class BatchTracker {
  /**
   * How far it is.
   *
   * @param keysDone keys that have their quorum
   * @param answered callbacks that have finished, those that failed among them
   */
  public record Progress(int keys, int keysDone, int callbacks, int answered, int failed) {}

  private final World world;
  private final BatchOptions options;
  private final int[] needed;
  private final int[] allowed;
  private final int[] remaining;
  private final int[] succeeded;
  private final int[] clientErrors;
  private final int[] serverErrors;
  private final @Nullable Throwable[] lastErrors;
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private volatile Progress progress;

  BatchTracker(World world, int keys, BatchOptions options) {
    this.world = world;
    this.options = options;
    needed = new int[keys];
    allowed = new int[keys];
    remaining = new int[keys];
    succeeded = new int[keys];
    clientErrors = new int[keys];
    serverErrors = new int[keys];
    lastErrors = new Throwable[keys];
    progress = new Progress(keys, 0, 0, 0, 0);
  }

  static CancellationException cancelled() {
    return new CancellationException("the batch was cancelled");
  }

  /**
   * Completes when every key has its quorum, as soon as it has, on the loop. Fails with {@link
   * BatchFailed}, with what the lookup threw, or with {@link CancellationException}.
   */
  public CompletionStage<Void> result() {
    return result;
  }

  /** Completes when the last callback has finished and the cleanup has run, whatever the result. */
  public CompletionStage<Void> finished() {
    return finished;
  }

  public Progress progress() {
    return progress;
  }

  void expect(int index, ReplicationSet owners) {
    needed[index] = owners.minSuccess();
    allowed[index] = owners.maxErrors();
    remaining[index] = owners.instances().size();
  }

  /** Nothing was sent and nothing will be. */
  void refuse(Throwable why) {
    onLoop(
        () -> {
          cleanUp();
          result.completeExceptionally(why);
        });
  }

  /** From now on answers may come; {@code callbacks} of them. */
  void begin(int callbacks, Cancellation cancellation) {
    int freeOfQuorum = (int) Arrays.stream(needed).filter(count -> count <= 0).count();
    progress = new Progress(needed.length, freeOfQuorum, callbacks, 0, 0);
    if (freeOfQuorum == needed.length) {
      onLoop(() -> result.complete(null));
    }
    if (callbacks == 0) {
      onLoop(this::cleanUp);
      return;
    }
    var unused =
        cancellation
            .whenCancelled()
            .thenRun(() -> onLoop(() -> result.completeExceptionally(cancelled())));
  }

  void onAnswer(int[] indexes, @Nullable Throwable error) {
    onLoop(
        () -> {
          if (error == null) {
            onSuccess(indexes);
          } else {
            onFailure(indexes, QuorumCall.unwrapped(error));
          }
          if (progress.answered() == progress.callbacks()) {
            cleanUp();
          }
        });
  }

  private void onLoop(Runnable event) {
    if (world.loop().inside()) {
      event.run();
    } else {
      world.loop().execute(event);
    }
  }

  private void onSuccess(int[] indexes) {
    int done = progress.keysDone();
    for (int index : indexes) {
      succeeded[index]++;
      remaining[index]--;
      if (succeeded[index] == needed[index]) {
        done++;
      } else if (succeeded[index] < needed[index] && remaining[index] == 0) {
        fail(index);
      }
    }
    count(done, 0);
    if (done == needed.length) {
      result.complete(null);
    }
  }

  private void onFailure(int[] indexes, Throwable error) {
    boolean client = options.clientError().test(error);
    int[] family = client ? clientErrors : serverErrors;
    for (int index : indexes) {
      lastErrors[index] = error;
      family[index]++;
      remaining[index]--;
      boolean open = succeeded[index] < needed[index];
      if (open && (family[index] > allowed[index] || remaining[index] == 0)) {
        fail(index);
      }
    }
    count(progress.keysDone(), 1);
  }

  /** With the last error recorded for the key; the first key to fail decides. */
  private void fail(int index) {
    Throwable error = lastErrors[index];
    if (error != null && !result.isDone()) {
      boolean client = options.clientError().test(error);
      result.completeExceptionally(
          new BatchFailed(index, client, succeeded[index], needed[index], error));
    }
  }

  private void count(int keysDone, int failures) {
    Progress was = progress;
    progress =
        new Progress(
            was.keys(), keysDone, was.callbacks(), was.answered() + 1, was.failed() + failures);
  }

  private void cleanUp() {
    QuorumCall.guarded(world, options.cleanup());
    finished.complete(null);
  }
}
