package io.ringdaemon.replication;

import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.time.World;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sends many keys to the instances that own them: one callback per instance with all of its keys,
 * and a quorum for each key (reference/ring-semantics.md 5.9, {@code DoBatch} there).
 *
 * <p>A key succeeds when all but {@code maxErrors} of its instances took it. It fails when one
 * family of errors, client or server, has more than {@code maxErrors} of them, or when nobody is
 * left to answer. The batch succeeds when all keys have; the first key that fails ends it. Either
 * way it ends early, and what is still under way goes on; the cleanup waits for it.
 *
 * <p><b>Differs</b> from dskit: no keys complete at once, also in an empty ring (W14 there).
 */
public final class Batch {
  private static final int CHECK_EVERY = 10_000;

  /** Whom to send a key (a raw 32-bit pattern) to, as {@code Ring.owners} tells. */
  @FunctionalInterface
  public interface Lookup {
    ReplicationSet owners(int key);
  }

  /** What is sent to one instance. The stage may complete on any thread. */
  @FunctionalInterface
  public interface Callback {
    /** Sends the keys at {@code indexes} of the batch, ascending; the array is the callback's. */
    CompletionStage<?> send(Instance instance, int[] indexes, Cancellation batch);
  }

  /** Keys of one address. */
  private static final class Share {
    private final Instance instance;
    private int[] indexes = new int[8];
    private int size;

    private Share(Instance instance) {
      this.instance = instance;
    }

    private void add(int index) {
      if (size == indexes.length) {
        indexes = Arrays.copyOf(indexes, size * 2);
      }
      indexes[size++] = index;
    }

    private int[] indexes() {
      return Arrays.copyOf(indexes, size);
    }
  }

  private Batch() {}

  /**
   * Looks all keys up, sends them, and returns what tells how it goes. Any thread: lookups happen
   * on the caller's, answers are counted on the loop.
   *
   * @param cancellation ends the batch early; looked at every 10,000 keys and before sending, and
   *     handed to the callbacks
   */
  public static BatchTracker start(
      World world,
      Lookup lookup,
      int[] keys,
      Callback callback,
      Cancellation cancellation,
      BatchOptions options) {
    BatchTracker tracker = new BatchTracker(world, keys.length, options);
    Map<String, Share> shares = new LinkedHashMap<>();
    try {
      for (int i = 0; i < keys.length; i++) {
        if (i % CHECK_EVERY == 0 && cancellation.cancelled()) {
          break;
        }
        ReplicationSet owners = lookup.owners(keys[i]);
        tracker.expect(i, owners);
        for (Instance instance : owners.instances()) {
          shares.computeIfAbsent(instance.desc().addr(), addr -> new Share(instance)).add(i);
        }
      }
    } catch (RuntimeException refused) {
      tracker.refuse(refused);
      return tracker;
    }
    if (cancellation.cancelled()) {
      tracker.refuse(BatchTracker.cancelled());
      return tracker;
    }
    send(tracker, List.copyOf(shares.values()), callback, cancellation, options);
    return tracker;
  }

  private static void send(
      BatchTracker tracker,
      List<Share> shares,
      Callback callback,
      Cancellation cancellation,
      BatchOptions options) {
    tracker.begin(shares.size(), cancellation);
    for (Share share : shares) {
      int[] indexes = share.indexes();
      int[] own = indexes.clone();
      try {
        options
            .executor()
            .execute(
                () -> {
                  CompletionStage<?> sent;
                  try {
                    sent = callback.send(share.instance, indexes, cancellation);
                  } catch (RuntimeException refused) {
                    sent = CompletableFuture.failedFuture(refused);
                  }
                  var unused = sent.whenComplete((done, error) -> tracker.onAnswer(own, error));
                });
      } catch (RuntimeException rejected) {
        tracker.onAnswer(own, rejected);
      }
    }
  }
}
