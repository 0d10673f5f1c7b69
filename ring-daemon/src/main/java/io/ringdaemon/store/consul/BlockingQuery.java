package io.ringdaemon.store.consul;

import io.ringdaemon.store.Backend;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Follows a key by asking again and again for what is newer than the index known
 * (reference/election.md 1.2):
 *
 * <pre>
 *   ASKING ──a later index: tell, ask for what is newer still──▶ ASKING, when the limit allows it
 *     │ └────the same index: nothing happened────────────────────┘
 *     └──an earlier index, an error, no answer in time──▶ failed: whoever follows reads anew
 * </pre>
 *
 * An earlier index means that Consul lost what it had, or was restored: the index begins anew at 0,
 * which is to read without waiting. Pauses after failures are those of whoever follows.
 *
 * <p><b>Threading:</b> confined to the loop; {@link #cancel} from anywhere. <b>Bounds:</b> one
 * request at a time; it ends by itself.
 */
final class BlockingQuery implements Backend.Following {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final Duration SLACK = Duration.ofSeconds(1);
  private static final double JITTER = 0.1;

  private final World world;
  private final ConsulHttp http;
  private final String path;
  private final PollLimit limit;
  private final Backend.Follower follower;
  private final String options;
  private long index;
  private boolean over;
  private Loop.@Nullable Timer next;
  private @Nullable CompletableFuture<?> asked;

  BlockingQuery(
      World world,
      ConsulHttp http,
      String path,
      PollLimit limit,
      long index,
      Backend.Follower follower) {
    this.world = world;
    this.http = http;
    this.path = path;
    this.limit = limit;
    this.index = Math.max(1, index);
    this.follower = follower;
    this.options =
        "&wait=%dms&%s"
            .formatted(
                longestWait(http.config().watchTimeout()).toMillis(),
                http.config().consistentReads() ? "consistent" : "stale");
  }

  /** Consul adds up to a sixteenth. */
  static Duration longestWait(Duration timeout) {
    Duration allowed = timeout.minus(SLACK).multipliedBy(16).dividedBy(17);
    return allowed.compareTo(LONGEST_WAIT) < 0 ? allowed : LONGEST_WAIT;
  }

  /** Asks, as soon as that is allowed. */
  void ask() {
    if (over) {
      return;
    }
    Duration pause = limit.take(world.nanoTime());
    if (pause.isZero()) {
      send();
    } else {
      double longer = 1 + world.chance().nextDouble() * JITTER;
      next = world.loop().after(Duration.ofNanos((long) (pause.toNanos() * longer)), this::send);
    }
  }

  private void send() {
    if (over) {
      return;
    }
    CompletableFuture<ConsulHttp.Answer> request = http.await(path + "?index=" + index + options);
    asked = request;
    var unused =
        request
            .thenApply(Entry::of)
            .whenComplete((entry, failure) -> world.loop().execute(() -> answered(entry, failure)));
  }

  private void answered(@Nullable Entry entry, @Nullable Throwable failure) {
    if (over) {
      return;
    }
    if (failure != null || entry == null) {
      end(failure == null ? new IllegalStateException("no answer") : failure);
    } else if (entry.index() < index) {
      end(new IllegalStateException("index %d after %d".formatted(entry.index(), index)));
    } else {
      if (entry.index() > index) {
        index = entry.index();
        follower.changed(entry.stored());
      }
      ask();
    }
  }

  private void end(Throwable why) {
    over = true;
    follower.failed(why);
  }

  @Override
  public void cancel() {
    world.loop().execute(this::stop);
  }

  private void stop() {
    over = true;
    if (next != null) {
      next.cancel();
    }
    if (asked != null) {
      asked.cancel(true);
    }
  }
}
