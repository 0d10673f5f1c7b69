package io.ringdaemon.replication;

import static io.ringdaemon.replication.Script.done;
import static io.ringdaemon.replication.Script.error;
import static io.ringdaemon.replication.Script.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdaemon.ring.EmptyRing;
import io.ringdaemon.ring.Operation;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.ring.Ring;
import io.ringdaemon.ring.Rings;
import io.ringdaemon.ring.TooFewHealthyInstances;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * reference/ring-semantics.md 5.9, TestDoBatch_QuorumError, TestBatchTracker_Record and
 * TestDoBatchWithOptionsContextCancellation (12.1).
 */
class BatchTest {
  private static final class ClientError extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final Script script = new Script(1);
  private final Map<String, int[]> sent = new TreeMap<>();
  private final Map<String, CompletableFuture<Void>> open = new TreeMap<>();
  private final AtomicInteger cleanups = new AtomicInteger();
  private final Cancellation cancellation = new Cancellation();
  private final BatchOptions options =
      BatchOptions.DEFAULTS
          .withCleanup(cleanups::incrementAndGet)
          .withClientError(error -> error instanceof ClientError);

  private BatchTracker start(Batch.Lookup lookup, BatchOptions with, int... keys) {
    return script.on(
        () ->
            Batch.start(
                script.world,
                lookup,
                keys,
                (instance, indexes, batch) -> {
                  sent.put(instance.id(), indexes);
                  CompletableFuture<Void> answer = new CompletableFuture<>();
                  open.put(instance.id(), answer);
                  return answer;
                },
                cancellation,
                with));
  }

  private BatchTracker start(Batch.Lookup lookup, int... keys) {
    return start(lookup, options, keys);
  }

  private void answer(String id, String how) {
    switch (how) {
      case "ok" -> open.get(id).complete(null);
      case "client" -> open.get(id).completeExceptionally(new ClientError());
      default -> open.get(id).completeExceptionally(new IllegalStateException("server"));
    }
    script.time.runFor(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "ok ok server, ok",
    "ok server ok, ok",
    "client ok ok, ok",
    "server server ok, server",
    "ok client server, server",
    "ok server client, client",
    "client client ok, client",
    "server ok server, server",
    "client server ok, server",
    "server client ok, client",
    "server client client, client",
    "client server server, server",
  })
  void theErrorIsThatOfTheFamilyThatExceedsOrOfWhoAnswersLast(String answers, String outcome) {
    BatchTracker tracker = start(key -> set("a b c", 1), 7);
    String[] in = answers.split(" ", -1);
    for (int i = 0; i < 3; i++) {
      answer(String.valueOf((char) ('a' + i)), in[i]);
    }
    if (outcome.equals("ok")) {
      assertThat(tracker.result().toCompletableFuture()).isCompleted();
    } else {
      assertThat(error(tracker.result()))
          .isInstanceOfSatisfying(
              BatchFailed.class,
              failed -> {
                assertThat(failed.clientError()).isEqualTo(outcome.equals("client"));
                assertThat(failed.index()).isZero();
                assertThat(failed.needed()).isEqualTo(2);
              });
    }
    assertThat(cleanups).hasValue(1);
  }

  @Test
  void eachInstanceGetsItsKeysInOneCallbackByAddress() {
    Ring ring = Rings.of("a:ACTIVE:10 b:ACTIVE:20 c:ACTIVE:30 d:ACTIVE:40", 2, false);
    start(key -> ring.owners(key, Operation.WRITE), 5, 15, 25, 5);
    assertThat(sent.get("a")).containsExactly(0, 3);
    assertThat(sent.get("b")).containsExactly(0, 1, 3);
    assertThat(sent.get("c")).containsExactly(1, 2);
    assertThat(sent.get("d")).containsExactly(2);
  }

  @Test
  void itReturnsEarlyAndCleansUpOnceAfterTheLastCallback() {
    BatchTracker tracker = start(key -> set("a b c", 1), 1, 2);
    answer("a", "ok");
    assertThat(tracker.progress()).isEqualTo(new BatchTracker.Progress(2, 0, 3, 1, 0));
    answer("c", "ok");
    assertThat(tracker.result().toCompletableFuture()).isCompleted();
    assertThat(tracker.progress()).isEqualTo(new BatchTracker.Progress(2, 2, 3, 2, 0));
    assertThat(cleanups).hasValue(0);
    assertThat(done(tracker.finished())).isFalse();
    answer("b", "server");
    assertThat(cleanups).hasValue(1);
    assertThat(tracker.finished().toCompletableFuture()).isCompleted();
    assertThat(tracker.progress()).isEqualTo(new BatchTracker.Progress(2, 2, 3, 3, 1));
  }

  @Test
  void theFirstKeyThatFailsEndsTheBatchWhateverTheOthersDo() {
    ReplicationSet strict = set("a b", 0);
    BatchTracker tracker = start(key -> key == 1 ? strict : set("c d e", 1), 0, 1);
    answer("b", "client");
    assertThat(error(tracker.result()))
        .isInstanceOfSatisfying(
            BatchFailed.class,
            failed -> {
              assertThat(failed.index()).isEqualTo(1);
              assertThat(failed).hasCauseInstanceOf(ClientError.class);
            });
    assertThat(cleanups).hasValue(0);
    for (String id : new String[] {"a", "c", "d", "e"}) {
      answer(id, "server");
    }
    assertThat(error(tracker.result())).hasCauseInstanceOf(ClientError.class);
    assertThat(cleanups).hasValue(1);
  }

  @Test
  void zeroKeysCompleteAtOnceAlsoInAnEmptyRing() {
    Ring empty = Rings.of("a:PENDING:", 3, false);
    BatchTracker tracker = start(key -> empty.owners(key, Operation.WRITE));
    assertThat(tracker.result().toCompletableFuture()).isCompleted();
    assertThat(cleanups).hasValue(1);
    assertThat(sent).isEmpty();
  }

  @Test
  void anEmptyRingOrTooFewOwnersAreRefusedWithCleanupAndNothingSent() {
    Ring empty = Rings.of("a:PENDING:", 3, false);
    assertThat(error(start(key -> empty.owners(key, Operation.WRITE), 1).result()))
        .isInstanceOf(EmptyRing.class);
    Ring ill = Rings.of("a:ACTIVE:10 b:ACTIVE!:20 c:ACTIVE!:30", 3, false);
    assertThat(error(start(key -> ill.owners(key, Operation.WRITE), 1).result()))
        .isInstanceOf(TooFewHealthyInstances.class);
    assertThat(sent).isEmpty();
    assertThat(cleanups).hasValue(2);
  }

  @Test
  void cancelledBeforeItSendsNothingAndStopsLookingUp() {
    AtomicInteger lookups = new AtomicInteger();
    BatchTracker tracker =
        start(
            key -> {
              if (lookups.incrementAndGet() == 5) {
                cancellation.cancel();
              }
              return set("a", 0);
            },
            new int[25_000]);
    assertThat(lookups).hasValue(10_000);
    assertThat(error(tracker.result())).isInstanceOf(CancellationException.class);
    assertThat(sent).isEmpty();
    assertThat(cleanups).hasValue(1);
  }

  @Test
  void cancelledWhileCallbacksRunItFailsAtOnceAndCleansUpAfterThem() {
    BatchTracker tracker = start(key -> set("a b", 0), 1);
    answer("a", "ok");
    cancellation.cancel();
    script.time.runFor(Duration.ZERO);
    assertThat(error(tracker.result())).isInstanceOf(CancellationException.class);
    assertThat(cleanups).hasValue(0);
    answer("b", "ok");
    assertThat(cleanups).hasValue(1);
  }

  @Test
  void aCallbackThatThrowsOrAnExecutorThatRefusesIsAServerError() {
    BatchTracker refused =
        start(
            key -> set("a b c", 1),
            options.withExecutor(
                task -> {
                  throw new RejectedExecutionException("full");
                }),
            1);
    assertThat(error(refused.result())).hasCauseInstanceOf(RejectedExecutionException.class);
    assertThat(cleanups).hasValue(1);
    BatchTracker thrown =
        script.on(
            () ->
                Batch.start(
                    script.world,
                    key -> set("a b c", 1),
                    new int[] {1},
                    (instance, indexes, batch) -> {
                      indexes[0] = 99; // the array is the callback's
                      throw new IllegalStateException("no");
                    },
                    cancellation,
                    options));
    assertThat(error(thrown.result())).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void startedOutsideTheLoopItCountsOnTheLoop() {
    BatchTracker tracker =
        Batch.start(
            script.world,
            key -> set("a", 0),
            new int[] {1, 2},
            (instance, indexes, batch) -> CompletableFuture.completedFuture("any"),
            cancellation,
            options);
    assertThat(done(tracker.result())).isFalse();
    script.time.runFor(Duration.ZERO);
    assertThat(tracker.result().toCompletableFuture()).isCompleted();
    assertThat(cleanups).hasValue(1);
  }
}
