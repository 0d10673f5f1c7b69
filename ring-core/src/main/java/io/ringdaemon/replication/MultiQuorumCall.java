package io.ringdaemon.replication;

import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.time.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks several replication sets at once; each must reach its quorum, and the first that can't ends
 * all (reference/ring-semantics.md 5.10, {@code DoMultiUntilQuorum}). The calls of what is returned
 * stay open: whoever gets the answers must cancel every one of them.
 *
 * <p><b>Threading:</b> as {@link QuorumCall}.
 */
public final class MultiQuorumCall<T> {
  private final World world;
  private final QuorumOptions<T> options;
  private final List<QuorumCall<T>> parts = new ArrayList<>();
  private final CompletableFuture<List<Answer<T>>> result = new CompletableFuture<>();
  private final List<List<Answer<T>>> collected = new ArrayList<>();
  private int open;

  private MultiQuorumCall(World world, QuorumOptions<T> options) {
    this.world = world;
    this.options = options;
  }

  /** Asks every set as {@link QuorumCall#untilQuorum} does; without sets it completes at once. */
  public static <T> MultiQuorumCall<T> untilQuorum(
      World world, List<ReplicationSet> sets, Request<T> request, QuorumOptions<T> options) {
    MultiQuorumCall<T> call = new MultiQuorumCall<>(world, options);
    try {
      for (ReplicationSet set : sets) {
        call.parts.add(QuorumCall.untilQuorum(world, set, request, options.withKeepCalls(true)));
        call.collected.add(List.of());
      }
    } catch (IllegalArgumentException refused) {
      call.subscribe();
      call.cancel();
      throw refused;
    }
    call.subscribe();
    if (sets.isEmpty()) {
      call.result.complete(List.of());
    }
    return call;
  }

  private void subscribe() {
    open = parts.size();
    for (int i = 0; i < parts.size(); i++) {
      int part = i;
      var unused =
          parts
              .get(i)
              .result()
              .whenComplete(
                  (answers, error) -> {
                    if (error == null) {
                      onPart(part, answers);
                    } else {
                      fail(error);
                    }
                  });
    }
  }

  /** Answers of all sets, set by set; fails with what the first set failed with. */
  public CompletionStage<List<Answer<T>>> result() {
    return result;
  }

  /** Ends it as {@link QuorumCall#cancel} does. Any thread. */
  public void cancel() {
    parts.forEach(QuorumCall::cancel);
  }

  private void onPart(int part, List<Answer<T>> answers) {
    if (result.isDone()) {
      release(answers);
      return;
    }
    collected.set(part, answers);
    open--;
    if (open == 0) {
      result.complete(collected.stream().flatMap(List::stream).toList());
    }
  }

  private void fail(Throwable error) {
    if (result.isDone()) {
      return;
    }
    List<List<Answer<T>>> unwanted = List.copyOf(collected);
    collected.replaceAll(answers -> List.of());
    result.completeExceptionally(error);
    unwanted.forEach(this::release);
    parts.forEach(QuorumCall::cancel);
  }

  private void release(List<Answer<T>> answers) {
    answers.forEach(
        answer -> {
          answer.call().cancel();
          QuorumCall.guarded(world, () -> options.cleanup().accept(answer.value()));
        });
  }
}
