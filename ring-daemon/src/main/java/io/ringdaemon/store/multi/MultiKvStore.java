package io.ringdaemon.store.multi;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.StoreTrouble;
import io.ringdaemon.kv.Watchers;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.Every;
import io.ringdaemon.time.Loop;
import io.ringdaemon.time.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Two stores as one, to move rings between them while they are used: the primary is read and
 * written; with mirroring on, what is written goes to the other as well, and now and then all of it
 * is compared. Which is primary can be changed while running: what the old one held is brought to
 * the new one first, so that nobody is lost on the way.
 *
 * <p><b>Promises</b> a mirrored change is merged, removals and deletions included; what the other
 * store knows of and the primary doesn't is kept (somebody may have switched before us).
 * <b>Differs</b> from dskit, which overwrites blindly and mirrors no deletion (W27 in
 * reference/ring-semantics.md).
 *
 * <p><b>Threading:</b> confined to the loop; {@link #trouble} from anywhere. <b>Bounds:</b> a
 * mirrored write under way a key and its successor; a failed one is counted, and made good by the
 * comparison.
 */
public final class MultiKvStore implements KvStore {
  private static final System.Logger LOG = System.getLogger("io.ringdaemon.store");
  private static final Duration COMPARE = Duration.ofSeconds(30);

  /** Which of the stores is primary, and whether the other follows. */
  public record Settings(String primary, boolean mirror, Duration mirrorTimeout) {}

  private final World world;
  private final Map<String, KvStore> stores;
  private final LongAdder mirrored;
  private final LongAdder failures;
  private final Map<String, Watched<?>> watched = new TreeMap<>();
  private volatile Settings settings;
  private boolean switching;

  private static final class Watched<V extends Mergeable<V>> {
    private final Key<V> key;
    private final Watchers<V> watchers = new Watchers<>();
    private Watch inner;
    private boolean mirroring;
    private boolean again;

    private Watched(Key<V> key, KvStore primary) {
      this.key = key;
      this.inner = primary.watch(key, watchers::tell);
    }

    private void follow(KvStore primary) {
      inner.cancel();
      inner = primary.watch(key, watchers::tell);
    }
  }

  /** {@code stores}: two, by the names that {@code settings} use. */
  public MultiKvStore(
      World world, Map<String, KvStore> stores, Settings settings, Metrics metrics) {
    this.world = world;
    this.stores = new LinkedHashMap<>(stores);
    this.settings = settings;
    this.mirrored =
        metrics.counter(
            "ring_daemon_multi_mirrored_writes_total", "Changes brought to the secondary store");
    this.failures =
        metrics.counter(
            "ring_daemon_multi_mirror_failures_total",
            "Changes the secondary store did not take; the next comparison makes them good");
    Every.start(world, COMPARE, 0.2, this::compare);
  }

  private KvStore primary() {
    return store(settings.primary());
  }

  private KvStore store(String name) {
    KvStore store = stores.get(name);
    if (store == null) {
      throw new IllegalStateException("no store " + name + " among " + stores.keySet());
    }
    return store;
  }

  private KvStore secondary() {
    return stores.entrySet().stream()
        .filter(store -> !store.getKey().equals(settings.primary()))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  /** Which store is primary, and whether it is mirrored. Any thread. */
  public Settings settings() {
    return settings;
  }

  @Override
  public <V extends Mergeable<V>> V get(Key<V> key) {
    return primary().get(key);
  }

  @Override
  public <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update) {
    Watched<V> known = watched(key);
    return primary()
        .cas(key, update)
        .thenApply(
            written -> {
              mirror(known);
              return written;
            });
  }

  @Override
  public CompletionStage<Void> delete(Key<?> key) {
    KvStore other = secondary();
    return primary()
        .delete(key)
        .thenCompose(
            done ->
                settings.mirror()
                    ? counted(other.delete(key))
                    : CompletableFuture.completedFuture(null));
  }

  @Override
  public CompletionStage<List<String>> list(String prefix) {
    return primary().list(prefix);
  }

  @Override
  public <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> watcher) {
    Watched<V> known = watched(key);
    Watch watch = known.watchers.add(watcher);
    watcher.accept(primary().get(key));
    return watch;
  }

  @Override
  public CompletionStage<Void> firstContact() {
    return primary().firstContact();
  }

  @Override
  public Optional<StoreTrouble> trouble(String key) {
    return primary().trouble(key);
  }

  @SuppressWarnings("unchecked") // a key's name and codec belong together
  private <V extends Mergeable<V>> Watched<V> watched(Key<V> key) {
    assert world.loop().inside() : "outside the loop";
    return (Watched<V>) watched.computeIfAbsent(key.name(), name -> new Watched<>(key, primary()));
  }

  private void compare() {
    watched.values().forEach(this::mirror);
  }

  /** Brings what the primary knows, tombstones too, to the secondary: one write at a time. */
  private <V extends Mergeable<V>> void mirror(Watched<V> one) {
    if (!settings.mirror()) {
      return;
    }
    if (one.mirroring) {
      one.again = true;
      return;
    }
    one.mirroring = true;
    one.again = false;
    counted(brought(one, primary(), secondary()))
        .thenRun(
            () -> {
              one.mirroring = false;
              if (one.again) {
                mirror(one);
              }
            });
  }

  private static <V extends Mergeable<V>> CompletionStage<Void> brought(
      Watched<V> one, KvStore from, KvStore to) {
    V known = from.get(one.key);
    return to.cas(one.key, held -> held.merge(known).value()).thenApply(done -> null);
  }

  /** Never fails; given up after the time allowed. */
  @SuppressWarnings("NullAway") // Void
  private CompletionStage<Void> counted(CompletionStage<Void> write) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    CompletableFuture<Void> writing = write.toCompletableFuture();
    Loop.Timer limit =
        world
            .loop()
            .after(
                settings.mirrorTimeout(),
                () ->
                    writing.completeExceptionally(
                        new IllegalStateException("took longer than mirror_timeout")));
    var unused =
        writing.whenComplete(
            (done, failure) -> {
              limit.cancel();
              (failure == null ? mirrored : failures).increment();
              if (failure != null) {
                LOG.log(Level.DEBUG, "the secondary store did not take a change", failure);
              }
              ended.complete(null);
            });
    return ended;
  }

  /**
   * Changes which store is primary, or whether the other follows; completes when it is so. Fails,
   * and all stays as it was, if the new primary does not take what the old one holds.
   */
  public CompletionStage<Void> use(Settings next) {
    assert world.loop().inside() : "outside the loop";
    KvStore to = store(next.primary());
    if (next.primary().equals(settings.primary())) {
      settings = next;
      return CompletableFuture.completedFuture(null);
    }
    if (switching) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("the stores are being switched already"));
    }
    switching = true;
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (Watched<?> one : watched.values()) {
      all = all.runAfterBoth(brought(one, primary(), to), () -> {});
    }
    return all.whenComplete(
        (done, failure) -> {
          switching = false;
          if (failure != null) {
            LOG.log(
                Level.WARNING,
                "stays with {0}: {1} did not take what it holds: {2}",
                settings.primary(),
                next.primary(),
                failure.getMessage());
            return;
          }
          LOG.log(Level.INFO, "primary store from={0} to={1}", settings.primary(), next.primary());
          settings = next;
          watched.values().forEach(one -> one.follow(to));
        });
  }
}
