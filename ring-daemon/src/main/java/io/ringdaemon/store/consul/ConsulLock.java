package io.ringdaemon.store.consul;

import io.ringdaemon.election.LeaderLock;
import io.ringdaemon.store.StoreException;
import io.ringdaemon.store.consul.ConsulHttp.Answer;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A lock by Consul's sessions (reference/election.md 1.4, 1.5): all candidates share a key; the
 * session that has acquired it holds the lock.
 *
 * <pre>
 *   free ──acquire──▶ session made, WAITING ──key free, acquired──▶ HELD ──key written anew each third──┐
 *    ▲                  │ held by another: look again in a moment     ▲                                │
 *    └──release, refused┴───────── key no longer ours, or not written in time: lost ◀──────────────────┘
 * </pre>
 *
 * <p>Consul ends a session between one and two TTLs after its holder fell silent, and no TTL is
 * below ten seconds. So the holder's renewals are seen in the key, whose value counts them; whoever
 * waits and sees none for {@link #SILENCE} removes the key, on condition that it still is the one
 * it looked at. The session is what remains if nobody waits.
 *
 * <p><b>Promises</b> {@link #heldUntil} is counted from before a renewal was sent, in elapsed time,
 * so a process that stood still finds it in the past, and so does one whose key is removed.
 * <b>Not</b> that it is held by one only while Consul loses what it had, or somebody removes the
 * key by hand: then the holder notices at its next renewal.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> one request at a time, one session.
 */
public final class ConsulLock implements LeaderLock {
  /** Without a renewal for so long, the lock is anybody's. */
  static final Duration SILENCE = Duration.ofSeconds(5);

  /** Clocks may run at different speeds. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private static final Duration RENEW = SILENCE.dividedBy(3);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** Consul's least. */
  private static final Duration TTL = Duration.ofSeconds(10);

  /**
   * After a session ended by itself; by then its holder has long stepped down. No check is tied to
   * it: a failed one would end it before its time.
   */
  private static final String LOCK_DELAY = "1s";

  private final World world;
  private final ConsulHttp http;
  private final String path;
  private final String candidate;
  private long seen;
  private long seenAt;
  private @Nullable Hold hold;

  /**
   * @param key outside the rings' own
   * @param candidate who stands in the key, for people to read
   */
  public ConsulLock(World world, ConsulBackend backend, String key, String candidate) {
    this.world = world;
    this.http = backend.http();
    this.path = ConsulHttp.keyPath(key);
    this.candidate = candidate;
  }

  @Override
  public CompletionStage<Void> acquire(Runnable lost) {
    assert world.loop().inside() : "outside the loop";
    if (hold != null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the lock is asked for or held already"));
    }
    Hold next = new Hold(lost);
    hold = next;
    next.begin();
    return next.held;
  }

  @Override
  public long heldUntil() {
    Hold now = hold;
    return now == null ? world.nanoTime() : now.until;
  }

  @Override
  public CompletionStage<Void> release() {
    assert world.loop().inside() : "outside the loop";
    Hold before = hold;
    hold = null;
    return before == null ? CompletableFuture.completedFuture(null) : before.end();
  }

  @Override
  public CompletionStage<Boolean> vacant() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    then(
        http.get(path).thenApply(Entry::of),
        (entry, failure) -> {
          if (failure == null) {
            answer.complete(entry.session().isEmpty() || silent(entry.stored().revision()));
          } else {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }

  /** Whether the key has stood at {@code revision} for too long for its holder to live. */
  private boolean silent(long revision) {
    if (revision != seen) {
      seen = revision;
      seenAt = world.nanoTime();
    }
    return world.nanoTime() - seenAt > SILENCE.toNanos();
  }

  private <T> void then(CompletableFuture<T> request, BiConsumer<T, @Nullable Throwable> next) {
    var unused =
        request
            .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (answer, failure) -> world.loop().execute(() -> next.accept(answer, failure)));
  }

  private CompletableFuture<Answer> session(String what) {
    return http.put("/v1/session/" + what, new byte[0]);
  }

  /** One time of asking for it, and of having it. */
  private final class Hold {
    private final Runnable lost;
    private final CompletableFuture<Void> held = new CompletableFuture<>();
    private String session = "";
    private long sessionUntil;
    private long until;
    private long renewals;
    private Loop.@Nullable Timer timer;

    private Hold(Runnable lost) {
      this.lost = lost;
    }

    private boolean over() {
      return hold != this;
    }

    private boolean has() {
      return held.isDone();
    }

    private void begin() {
      byte[] wanted =
          new JsonMapper()
              .createObjectNode()
              .put("Name", "ring-daemon " + candidate)
              .put("TTL", TTL.toSeconds() + "s")
              .put("LockDelay", LOCK_DELAY)
              .set("NodeChecks", new JsonMapper().createArrayNode())
              .toString()
              .getBytes(StandardCharsets.UTF_8);
      long asked = world.nanoTime();
      then(
          http.put("/v1/session/create", wanted)
              .thenApply(answer -> Entry.json(answer).path("ID").asString("")),
          (id, failure) -> {
            if (failure != null) {
              fail(failure);
              return;
            }
            session = id;
            sessionUntil = asked + TTL.toNanos();
            if (over()) {
              destroy();
            } else {
              look();
            }
          });
    }

    /** Keeps the session, both while waiting and while holding. */
    private void renew() {
      if (over()) {
        return;
      }
      long asked = world.nanoTime();
      then(
          session("renew/" + session),
          (answer, failure) -> {
            if (over()) {
              return;
            }
            if (failure != null) {
              again(failure);
            } else if (!answer.found()) {
              gone(new IllegalStateException("the session has ended"));
            } else {
              sessionUntil = asked + TTL.toNanos();
              if (has()) {
                write();
              } else {
                look();
              }
            }
          });
    }

    /** Acquires the key, or, holding it, shows that we do. */
    private void write() {
      long asked = world.nanoTime();
      byte[] text = "%s %d".formatted(candidate, ++renewals).getBytes(StandardCharsets.UTF_8);
      then(
          http.put(path + "?acquire=" + session, text),
          (answer, failure) -> {
            if (over()) {
              return;
            }
            if (failure != null) {
              again(failure);
            } else if (answer.yes()) {
              until = asked + SILENCE.minus(MARGIN).toNanos();
              held.complete(null);
              after(RENEW);
            } else if (has()) {
              gone(new IllegalStateException("its key was taken"));
            } else {
              after(LOOK_AGAIN); // somebody was faster
            }
          });
    }

    /** Who holds it, and whether that one still lives. */
    private void look() {
      then(
          http.get(path).thenApply(Entry::of),
          (entry, failure) -> {
            if (over()) {
              return;
            }
            if (failure != null) {
              again(failure);
            } else if (entry.session().isEmpty() || entry.session().equals(session)) {
              write();
            } else {
              watch(entry.stored().revision());
            }
          });
    }

    private void watch(long revision) {
      if (silent(revision)) {
        then(
            http.delete(path + "?cas=" + revision),
            (answer, failure) -> {
              if (!over()) {
                after(failure == null ? Duration.ZERO : LOOK_AGAIN);
              }
            });
      } else {
        after(LOOK_AGAIN);
      }
    }

    private void after(Duration pause) {
      timer = world.loop().after(pause, this::due);
    }

    private void due() {
      if (over()) {
        return;
      }
      if (ended()) {
        gone(new IllegalStateException("it was not renewed in time"));
      } else if (has() || sessionUntil - world.nanoTime() < TTL.toNanos() / 2) {
        renew();
      } else {
        look();
      }
    }

    private boolean ended() {
      return world.nanoTime() - (has() ? until : sessionUntil) >= 0;
    }

    private void again(Throwable failure) {
      if (ended()) {
        gone(failure);
      } else {
        after(LOOK_AGAIN);
      }
    }

    private void fail(Throwable failure) {
      if (!over()) {
        hold = null;
      }
      destroy();
      held.completeExceptionally(
          failure instanceof StoreException || failure.getCause() == null
              ? failure
              : failure.getCause());
    }

    /** Held, it is lost; not yet held, it is refused. */
    private void gone(Throwable why) {
      boolean had = has();
      fail(why);
      if (had) {
        lost.run();
      }
    }

    /** What can't be released is anybody's soon; until then others must wait anyway. */
    private CompletionStage<Void> end() {
      boolean had = has();
      if (timer != null) {
        timer.cancel();
      }
      held.completeExceptionally(new IllegalStateException("released before it was held"));
      CompletableFuture<Void> free = new CompletableFuture<>();
      if (!had) { // a session under way is destroyed when it arrives
        destroy();
        free.complete(null);
        return free;
      }
      then(
          http.put(path + "?release=" + session, candidate.getBytes(StandardCharsets.UTF_8)),
          (answer, failure) -> {
            destroy();
            if (failure == null) {
              free.complete(null);
            } else {
              world.loop().after(SILENCE, () -> free.complete(null));
            }
          });
      return free;
    }

    private void destroy() {
      if (!session.isEmpty()) {
        then(session("destroy/" + session), (answer, failure) -> {});
      }
    }
  }
}
