package io.ringdaemon.store;

import io.ringdaemon.store.Backend.Following;
import io.ringdaemon.time.Every;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link RemoteValue} at what the backend holds:
 *
 * <pre>
 *   READING ──answer──▶ FOLLOWING from the answer on ──ended, compacted, or found to be stuck──▶ READING
 *      ▲ │ failed: pause, with jitter
 *      └─┘
 * </pre>
 *
 * <p>While nothing is heard a read now and then tells whether that is silence or an outage, and
 * catches what a watch that only looks alive has missed.
 *
 * <p><b>Threading:</b> confined to the loop. <b>Bounds:</b> one request and one watch at a time; of
 * updates that come faster than the loop looks only the latest is kept.
 */
final class KeyFollower {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Link link;
  private final String key;
  private final RemoteValue<?> value;
  private final Contact contact;
  private final Runnable changed;
  private final Pause pause;
  private boolean reading;
  private boolean stopped;
  private @Nullable Watching watching;
  private final Every probe;

  /** {@code changed} is called when the value may be another. */
  KeyFollower(Link link, String key, RemoteValue<?> value, Contact contact, Runnable changed) {
    this.link = link;
    this.key = key;
    this.value = value;
    this.contact = contact;
    this.changed = changed;
    this.pause = new Pause(link.world(), FIRST_PAUSE, LONGEST_PAUSE);
    this.probe =
        Every.start(link.world(), link.settings().silence().dividedBy(2), 0.2, this::breakSilence);
    read();
  }

  void stop() {
    stopped = true;
    probe.stop();
    unfollow();
  }

  /** Something suggests that the backend can't be reached: find out now. */
  void suspect() {
    if (!reading) {
      read();
    }
  }

  private void breakSilence() {
    if (!reading && contact.silence() > link.settings().silence().toNanos()) {
      read();
    }
  }

  private void read() {
    reading = true;
    long askedAt = value.asOf();
    var unused =
        link.requests()
            .read(key)
            .whenComplete(
                (stored, failure) -> {
                  if (stopped) {
                    return;
                  }
                  if (failure == null) {
                    reading = false;
                    pause.reset();
                    heard(stored, askedAt);
                  } else {
                    contact.notRead(StoreException.of(failure));
                    unfollow();
                    link.world().loop().after(pause.next(), this::readAgain);
                  }
                });
  }

  private void readAgain() {
    if (!stopped) {
      read();
    }
  }

  private void heard(Stored stored, long askedAt) {
    boolean missed = value.loaded() && stored.revision() != value.revision();
    value.absorb(stored, askedAt, link.world().now());
    contact.heard(value.foreign());
    if (watching == null || missed) {
      follow();
    }
    changed.run();
  }

  private void follow() {
    unfollow();
    Watching next = new Watching();
    watching = next;
    next.following = link.backend().follow(key, value.asOf(), next);
  }

  private void unfollow() {
    Watching before = watching;
    watching = null;
    if (before != null && before.following != null) {
      before.following.cancel();
    }
  }

  /** One watch of the backend; told on its threads. */
  private final class Watching implements Backend.Follower {
    private final AtomicReference<@Nullable Stored> latest = new AtomicReference<>();
    private @Nullable Following following;

    @Override
    public void changed(Stored now) {
      Stored unseen =
          latest.getAndAccumulate(
              now, (held, next) -> held == null || next.asOf() > held.asOf() ? next : held);
      if (unseen == null) {
        link.world().loop().execute(this::look);
      } else {
        link.metrics().coalesced.increment();
      }
    }

    private void look() {
      Stored now = latest.getAndSet(null);
      if (now != null && watching == this) {
        value.absorb(now, 0, link.world().now());
        contact.heard(value.foreign());
        changed.run();
      }
    }

    @Override
    public void failed(Throwable why) {
      link.world()
          .loop()
          .execute(
              () -> {
                if (watching == this) {
                  unfollow(); // a client may go on by itself: there shall be one watch
                  link.metrics().restarts.increment();
                  // Many lose their watch at the same moment; they should not come back at one.
                  link.world().loop().after(pause.next(), KeyFollower.this::resume);
                }
              });
    }
  }

  private void resume() {
    if (!stopped && !reading && watching == null) {
      read();
    }
  }
}
