package io.ringdaemon.store.consul;

import io.ringdaemon.store.StoreException;
import io.ringdaemon.store.StoreLock;
import io.ringdaemon.store.consul.ConsulHttp.Answer;
import io.ringdaemon.time.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
 * <p><b>Promises</b> what {@link StoreLock} does, also to a holder whose key is removed. <b>Not</b>
 * that it is held by one only while Consul loses what it had, or somebody removes the key by hand:
 * then the holder notices at its next renewal.
 *
 * <p><b>Threading, bounds:</b> as {@link StoreLock}; one session.
 */
public final class ConsulLock extends StoreLock {
  /** Without a renewal for so long, the lock is anybody's. */
  static final Duration SILENCE = Duration.ofSeconds(5);

  /** Consul's least. */
  private static final Duration TTL = Duration.ofSeconds(10);

  /**
   * After a session ended by itself; by then its holder has long stepped down. No check is tied to
   * it: a failed one would end it before its time.
   */
  private static final String LOCK_DELAY = "1s";

  private final ConsulHttp http;
  private final String path;
  private final String candidate;
  private long seen;
  private long seenAt;

  /**
   * @param key outside the rings' own
   * @param candidate who stands in the key, for people to read
   */
  public ConsulLock(World world, ConsulBackend backend, String key, String candidate) {
    super(world, SILENCE);
    this.http = backend.http();
    this.path = ConsulHttp.keyPath(key);
    this.candidate = candidate;
  }

  @Override
  protected Hold hold(Runnable lost) {
    return new Session(lost);
  }

  @Override
  protected CompletableFuture<Boolean> free() {
    return http.get(path)
        .thenApply(Entry::of)
        .thenApplyAsync(
            entry -> entry.session().isEmpty() || silent(entry.stored().revision()), world.loop());
  }

  /** Whether the key has stood at {@code revision} for too long for its holder to live. */
  private boolean silent(long revision) {
    if (revision != seen) {
      seen = revision;
      seenAt = world.nanoTime();
    }
    return world.nanoTime() - seenAt > SILENCE.toNanos();
  }

  private CompletableFuture<Answer> session(String what) {
    return http.put("/v1/session/" + what, new byte[0]);
  }

  private final class Session extends Hold {
    private String session = "";
    private long sessionUntil;
    private long renewals;

    private Session(Runnable lost) {
      super(lost);
    }

    @Override
    protected void begin() {
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
              drop();
            } else {
              look();
            }
          });
    }

    @Override
    protected void goOn() {
      if (has() || sessionUntil - world.nanoTime() < TTL.toNanos() / 2) {
        renew();
      } else {
        look();
      }
    }

    @Override
    protected long ends() {
      return has() ? super.ends() : sessionUntil;
    }

    /** Keeps the session, both while waiting and while holding. */
    private void renew() {
      long asked = world.nanoTime();
      ask(
          session("renew/" + session),
          answer -> {
            if (!answer.found()) {
              gone(new IllegalStateException("the session has ended"));
              return;
            }
            sessionUntil = asked + TTL.toNanos();
            if (has()) {
              write();
            } else {
              look();
            }
          });
    }

    /** Acquires the key, or, holding it, shows that we do. */
    private void write() {
      long asked = world.nanoTime();
      byte[] text = "%s %d".formatted(candidate, ++renewals).getBytes(StandardCharsets.UTF_8);
      ask(
          http.put(path + "?acquire=" + session, text),
          answer -> {
            if (answer.yes()) {
              renewed(asked);
              won();
            } else if (has()) {
              gone(new IllegalStateException("its key was taken"));
            } else {
              after(LOOK_AGAIN); // somebody was faster
            }
          });
    }

    /** Who holds it, and whether that one still lives. */
    private void look() {
      ask(
          http.get(path).thenApply(Entry::of),
          entry -> {
            if (entry.session().isEmpty() || entry.session().equals(session)) {
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

    @Override
    protected Throwable told(Throwable failure) {
      return failure instanceof StoreException || failure.getCause() == null
          ? failure
          : failure.getCause();
    }

    @Override
    protected void letGo(boolean had, CompletableFuture<Void> free) {
      if (!had) { // a session under way is destroyed when it arrives
        drop();
        free.complete(null);
        return;
      }
      then(
          http.put(path + "?release=" + session, candidate.getBytes(StandardCharsets.UTF_8)),
          (answer, failure) -> {
            drop();
            freed(free, failure);
          });
    }

    @Override
    protected void drop() {
      if (!session.isEmpty()) {
        then(session("destroy/" + session), (answer, failure) -> {});
      }
    }
  }
}
