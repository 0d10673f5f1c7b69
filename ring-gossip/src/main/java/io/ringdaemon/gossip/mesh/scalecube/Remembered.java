package io.ringdaemon.gossip.mesh.scalecube;

import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a {@link PeerMemory} off the loop, at most every 5 s and only when something changed; one
 * that fails is logged and tried again at the next change. Confined to the loop.
 */
final class Remembered {
  private static final long PAUSE = Duration.ofSeconds(5).toNanos();
  private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);

  private final World world;
  private final Wire wire;
  private final PeerMemory memory;
  private boolean dirty;
  private boolean busy;
  private long lastSave;

  Remembered(World world, Wire wire, PeerMemory memory) {
    this.world = world;
    this.wire = wire;
    this.memory = memory;
  }

  /** What was saved before; calls back on the loop, with nothing if it can't be read. */
  void load(Consumer<List<String>> then) {
    offLoop(
        () -> {
          List<String> loaded = canonical(read());
          world.loop().execute(() -> then.accept(loaded));
        });
  }

  void changed() {
    dirty = true;
  }

  /** Saves if there is need and it is time; call it now and then. */
  void save(Supplier<List<String>> addresses) {
    long now = world.nanoTime();
    if (!dirty || busy || now - lastSave < PAUSE) {
      return;
    }
    dirty = false;
    busy = true;
    lastSave = now;
    List<String> saved = addresses.get();
    offLoop(
        () -> {
          try {
            memory.save(saved);
          } catch (RuntimeException e) {
            LOG.warn("peers can't be remembered over a restart", e);
          }
          world.loop().execute(() -> busy = false);
        });
  }

  private List<String> read() {
    try {
      return memory.load();
    } catch (RuntimeException e) {
      LOG.warn("remembered peers can't be read, going on without", e);
      return List.of();
    }
  }

  private static List<String> canonical(List<String> addresses) {
    return addresses.stream().filter(text -> Address.canonical(text).isPresent()).toList();
  }

  private void offLoop(Runnable task) {
    try {
      wire.blocking()
          .execute(
              () -> {
                try {
                  task.run();
                } catch (RejectedExecutionException e) {
                  LOG.debug("the loop ended meanwhile", e);
                }
              });
    } catch (RejectedExecutionException e) {
      busy = false;
      LOG.warn("too many blocking tasks", e);
    }
  }
}
