package io.ringdaemon.daemon.assembly;

import io.ringdaemon.member.RingMember;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import io.ringdaemon.web.RingStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Questions that are answered once a ring has changed, or after a while. Confined to the loop. */
final class LongPolls {
  private final World world;
  private final Function<RingMember, RingStatus> status;
  private final Map<String, Map<Long, Runnable>> waiting = new HashMap<>();
  private long waiters;

  LongPolls(World world, Function<RingMember, RingStatus> status) {
    this.world = world;
    this.status = status;
  }

  /** Answers at once if the ring's index is not {@code index}, else when it changes. */
  void ask(RingMember member, long index, Duration wait, CompletableFuture<RingStatus> answer) {
    if (member.index() != index || wait.isZero()) {
      answer.complete(status.apply(member));
      return;
    }
    String ring = member.ring().name();
    long waiter = waiters++;
    waiting
        .computeIfAbsent(ring, name -> new LinkedHashMap<>())
        .put(waiter, () -> answer.complete(status.apply(member)));
    Loop.Timer timer = world.loop().after(wait, () -> answer.complete(status.apply(member)));
    var unused =
        answer.whenComplete( // also when the client has gone and cancels
            (done, failure) -> {
              timer.cancel();
              world.loop().execute(() -> drop(ring, waiter));
            });
  }

  /** The ring has changed: answers all who wait for that. */
  void wake(String ring) {
    Map<Long, Runnable> woken = waiting.remove(ring);
    if (woken != null) {
      woken.values().forEach(Runnable::run);
    }
  }

  private void drop(String ring, long waiter) {
    waiting.computeIfPresent(
        ring,
        (name, others) -> {
          others.remove(waiter);
          return others.isEmpty() ? null : others;
        });
  }
}
