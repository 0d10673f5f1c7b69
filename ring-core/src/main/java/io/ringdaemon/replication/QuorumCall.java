package io.ringdaemon.replication;

import io.ringdaemon.replication.QuorumFailed.Failure;
import io.ringdaemon.ring.Instance;
import io.ringdaemon.ring.ReplicationSet;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks the instances of a replication set until a quorum has answered, or none can be reached
 * (reference/ring-semantics.md 5.10, {@code Do} and {@code DoUntilQuorum} there).
 *
 * <pre>
 *   all, or as few as a quorum needs, are asked
 *     ├─ one fails: another is asked instead (by zones: with a zone's first failure, whose other
 *     │  calls are cancelled);  a hedging tick: one more is asked
 *     ├─ enough succeeded ──▶ their results; every other call cancelled
 *     └─ too many failed, an error was terminal, or cancelled ──▶ failure; all calls cancelled
 * </pre>
 *
 * <p><b>Promises</b> a result of a call that succeeded is either returned or handed to the cleanup,
 * once, however late it comes. <b>Not</b> that a cancelled call ends: that is up to the request.
 *
 * <p><b>Threading:</b> confined to the loop; requests may complete, and {@link #cancel} be called,
 * on any thread. {@link #result} completes on the loop. <b>Time:</b> injected; one timer while
 * something is left to hedge. <b>Bounds:</b> each instance is asked once at most.
 */
public final class QuorumCall<T> {
  private final World world;
  private final List<Instance> instances;
  private final Request<T> request;
  private final QuorumOptions<T> options;
  private final Tracker tracker;
  private final boolean untilQuorum;
  private final List<Cancellation> calls = new ArrayList<>();
  private final TreeMap<Integer, Answer<T>> answers = new TreeMap<>();
  private final List<Answer<T>> arrived = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final Deque<List<Integer>> waiting = new ArrayDeque<>();
  private final Deque<Runnable> events = new ArrayDeque<>();
  private final CompletableFuture<List<Answer<T>>> result = new CompletableFuture<>();
  private boolean handling;
  private boolean ended;
  private @Nullable Every hedging;
  private Loop.@Nullable Timer delayed;

  private QuorumCall(
      World world,
      ReplicationSet set,
      Request<T> request,
      QuorumOptions<T> options,
      Tracker tracker,
      boolean untilQuorum) {
    assert world.loop().inside() : "outside the loop";
    this.world = world;
    this.instances = set.instances();
    this.request = request;
    this.options = options;
    this.tracker = tracker;
    this.untilQuorum = untilQuorum;
    instances.forEach(instance -> calls.add(new Cancellation()));
  }

  /**
   * Asks as {@code options} say and returns what a quorum answered, in the order of the set: by
   * zones if the set counts zones, and then only results of zones that are complete.
   *
   * @throws IllegalArgumentException the set counts zones and instances, or the zone sorter lost or
   *     doubled a zone
   */
  public static <T> QuorumCall<T> untilQuorum(
      World world, ReplicationSet set, Request<T> request, QuorumOptions<T> options) {
    boolean byZone = set.maxUnavailableZones() > 0 || set.zoneAware();
    if (byZone && set.maxErrors() > 0) {
      throw new IllegalArgumentException(
          "a replication set that counts zones must have maxErrors 0, not " + set.maxErrors());
    }
    QuorumCall<T> call = new QuorumCall<>(world, set, request, options, tracker(set, byZone), true);
    List<List<Integer>> groups = call.tracker.groups(options.zones(), world.chance());
    int first = options.hedging().minimizeRequests() ? call.tracker.needed() : groups.size();
    call.waiting.addAll(groups.subList(first, groups.size()));
    call.begin(groups.subList(0, first));
    if (!call.waiting.isEmpty() && !call.ended && !options.hedging().delay().isZero()) {
      call.hedging = Every.start(world, options.hedging().delay(), 0, call::onTick);
    }
    return call;
  }

  /**
   * Asks every instance and returns all that has arrived when a quorum has, in the order of
   * arrival. Without zones and with a delay the last {@code maxErrors} instances are asked only
   * after the delay, or one of them for each earlier failure. Here zones count only if the set
   * allows some to be unavailable, and a failed zone's other calls go on. The hedging of {@code
   * options} is not looked at.
   */
  public static <T> QuorumCall<T> all(
      World world,
      ReplicationSet set,
      Duration delay,
      Request<T> request,
      QuorumOptions<T> options) {
    boolean byZone = set.maxUnavailableZones() > 0;
    QuorumCall<T> call =
        new QuorumCall<>(world, set, request, options, tracker(set, byZone), false);
    int size = set.instances().size();
    boolean holdBack = !delay.isZero() && !byZone;
    int first = holdBack ? Math.max(0, size - set.maxErrors()) : size;
    List<List<Integer>> groups = new ArrayList<>();
    for (int at = 0; at < size; at++) {
      groups.add(List.of(at));
    }
    call.waiting.addAll(groups.subList(first, size));
    call.begin(groups.subList(0, first));
    if (!call.waiting.isEmpty() && !call.ended) {
      call.delayed = world.loop().after(delay, () -> call.handle(call::startTheRest));
    }
    return call;
  }

  private static Tracker tracker(ReplicationSet set, boolean byZone) {
    return byZone
        ? new ZoneTracker(
            set.instances().stream().map(Instance::zone).toList(), set.maxUnavailableZones())
        : new InstanceTracker(set.instances().size(), set.maxErrors());
  }

  /** What a quorum answered; fails with {@link QuorumFailed} or {@link CancellationException}. */
  public CompletionStage<List<Answer<T>>> result() {
    return result;
  }

  /** Ends it: calls are cancelled, results cleaned up. Harmless when it has ended. Any thread. */
  public void cancel() {
    onLoop(() -> fail(new CancellationException("the quorum call was cancelled")));
  }

  private void begin(List<List<Integer>> first) {
    handle(
        () -> {
          first.forEach(this::start);
          if (tracker.succeeded()) {
            succeed();
          }
        });
  }

  private void onLoop(Runnable event) {
    if (world.loop().inside()) {
      handle(event);
    } else {
      world.loop().execute(() -> handle(event));
    }
  }

  /** One event after the other, also where a request completes while it is being sent. */
  private void handle(Runnable event) {
    events.add(event);
    if (handling) {
      return;
    }
    handling = true;
    try {
      for (Runnable next = events.poll(); next != null; next = events.poll()) {
        next.run();
      }
    } finally {
      handling = false;
    }
  }

  private void start(List<Integer> group) {
    for (int at : group) {
      CompletionStage<T> sent;
      try {
        sent = request.send(instances.get(at), calls.get(at));
      } catch (RuntimeException refused) {
        sent = CompletableFuture.failedFuture(refused);
      }
      var unused = sent.whenComplete((value, error) -> onLoop(() -> onAnswer(at, value, error)));
    }
  }

  private void startNext() {
    List<Integer> next = waiting.poll();
    if (next != null) {
      start(next);
    }
  }

  private void startTheRest() {
    while (!ended && !waiting.isEmpty()) {
      startNext();
    }
  }

  private void onTick() {
    handle(
        () -> {
          startNext();
          if (waiting.isEmpty() && hedging != null) {
            hedging.stop();
          }
        });
  }

  private void onAnswer(int at, T value, @Nullable Throwable error) {
    if (error != null) {
      if (!ended) {
        onError(at, unwrapped(error));
      }
    } else if (ended) {
      clean(value);
    } else {
      Answer<T> answer = new Answer<>(instances.get(at), value, calls.get(at));
      answers.put(at, answer);
      arrived.add(answer);
      tracker.onSuccess(at);
      if (tracker.succeeded()) {
        succeed();
      }
    }
  }

  static Throwable unwrapped(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  private void onError(int at, Throwable error) {
    Instance instance = instances.get(at);
    failures.add(new Failure(instance.id(), instance.zone(), error));
    // A call we cancelled fails because of that: its error says nothing about the others.
    if (!calls.get(at).cancelled() && options.terminal().test(error)) {
      fail(failed(true, error));
      return;
    }
    boolean another = tracker.onFailure(at);
    if (tracker.failed()) {
      fail(failed(false, error));
      return;
    }
    if (untilQuorum) {
      tracker.doomedBy(at).forEach(other -> calls.get(other).cancel());
    }
    if (another) {
      startNext();
    }
  }

  private QuorumFailed failed(boolean terminal, Throwable cause) {
    return new QuorumFailed(
        tracker.unit(), tracker.needed(), tracker.allowed(), terminal, failures, cause);
  }

  private void succeed() {
    end();
    List<Answer<T>> returned = new ArrayList<>();
    if (untilQuorum) {
      answers.forEach(
          (at, answer) -> {
            if (tracker.returns(at)) {
              returned.add(answer);
            } else {
              clean(answer.value());
            }
          });
    } else {
      returned.addAll(arrived);
    }
    for (int at = 0; at < calls.size(); at++) {
      Answer<T> answer = answers.get(at);
      if (!options.keepCalls() || answer == null || (untilQuorum && !tracker.returns(at))) {
        calls.get(at).cancel();
      }
    }
    result.complete(returned);
  }

  private void fail(Throwable why) {
    if (!ended) {
      end();
      calls.forEach(Cancellation::cancel);
      arrived.forEach(answer -> clean(answer.value()));
      result.completeExceptionally(why);
    }
  }

  private void end() {
    ended = true;
    waiting.clear();
    if (hedging != null) {
      hedging.stop();
    }
    if (delayed != null) {
      delayed.cancel();
    }
  }

  private void clean(T value) {
    guarded(world, () -> options.cleanup().accept(value));
  }

  /** Runs a caller's cleanup; the loop counts and logs what it throws. */
  static void guarded(World world, Runnable cleanup) {
    try {
      cleanup.run();
    } catch (RuntimeException broken) {
      world
          .loop()
          .execute(
              () -> {
                throw broken;
              });
    }
  }
}
