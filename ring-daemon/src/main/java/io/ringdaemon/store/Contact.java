package io.ringdaemon.store;

import io.ringdaemon.kv.StoreTrouble;
import io.ringdaemon.time.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the way to a backend, for one key: when it last answered, and what is wrong. Who
 * reads goes on reading while writing is refused, so both are kept apart.
 *
 * <p><b>Threading:</b> changed on the loop, read from anywhere.
 */
final class Contact {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon.store");
  private static final String SILENT = "it has not answered yet";
  private static final Duration REMIND = Duration.ofMinutes(1);

  private final World world;
  private final String where;
  private volatile Optional<StoreTrouble> shown;
  private volatile long heardAt;
  private Optional<Instant> lastContact = Optional.empty();
  private @Nullable String reading = SILENT;
  private @Nullable String writing;
  private @Nullable String content;
  private Instant since;
  private long toldAt;
  private boolean told;

  /** {@code where} names the backend and the key. */
  Contact(World world, String where) {
    this.world = world;
    this.where = where;
    this.since = world.now();
    this.heardAt = world.nanoTime();
    this.shown = Optional.of(trouble(SILENT));
  }

  Optional<StoreTrouble> trouble() {
    return shown;
  }

  /** Elapsed nanoseconds since it last answered, or since the start. */
  long silence() {
    return world.nanoTime() - heardAt;
  }

  /** It answered; what it holds is a value, or {@code foreign} says why not. */
  void heard(Optional<String> foreign) {
    heardAt = world.nanoTime();
    if (foreign.isEmpty()) {
      lastContact = Optional.of(world.now());
    }
    reading = null;
    content = foreign.orElse(null);
    show();
  }

  void written() {
    writing = null;
    show();
  }

  void notRead(StoreException why) {
    reading = why.getMessage();
    show();
  }

  /** A refusal stands until a write succeeds; that it can't be reached ends when it answers. */
  void notWritten(StoreException why) {
    if (why.reason() == StoreException.Reason.UNREACHABLE) {
      notRead(why);
    } else {
      writing = why.getMessage();
      show();
    }
  }

  private void show() {
    String text = reading != null ? reading : content != null ? content : writing;
    if (text == null) {
      if (told) {
        LOG.log(
            Level.INFO,
            "{0} is well again, after {1} s",
            where,
            Duration.between(since, world.now()).toSeconds());
      }
      told = false;
      shown = Optional.empty();
      return;
    }
    Optional<StoreTrouble> before = shown;
    if (before.isEmpty()) {
      since = world.now();
    }
    shown = Optional.of(trouble(text));
    boolean news = !told || before.isEmpty() || !before.get().text().equals(shown.get().text());
    if (news || world.nanoTime() - toldAt > REMIND.toNanos()) {
      told = true;
      toldAt = world.nanoTime();
      LOG.log(
          Level.WARNING, "{0}: {1}; trying again, what was last read stays in use", where, text);
    }
  }

  private StoreTrouble trouble(String text) {
    return new StoreTrouble(where + ": " + text, since, lastContact);
  }
}
