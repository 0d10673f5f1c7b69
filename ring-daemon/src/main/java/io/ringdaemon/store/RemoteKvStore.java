package io.ringdaemon.store;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.KvStore;
import io.ringdaemon.kv.Mergeable;
import io.ringdaemon.kv.StoreTrouble;
import io.ringdaemon.kv.Watchers;
import io.ringdaemon.metrics.Metrics;
import io.ringdaemon.time.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Values kept by a program that holds one of each for all, byte for byte as dskit keeps them there.
 * A key is followed from its first use on; its last value stays in use while the backend is gone.
 *
 * <p><b>Threading:</b> confined to the loop; {@link #trouble} may be asked from anywhere.
 * <b>Bounds:</b> one watch, one read and one write at a time a key; keys come from the
 * configuration.
 */
public final class RemoteKvStore implements KvStore {
  /**
   * How it goes about it.
   *
   * @param mostTries of a change, before it fails
   * @param silence after which a read looks whether the backend is still there
   * @param conflictPause the longest, when others wrote first again and again
   */
  public record Settings(int mostTries, Duration silence, Duration conflictPause) {
    public static final Settings DEFAULTS =
        new Settings(10, Duration.ofSeconds(5), Duration.ofSeconds(2));
  }

  private final World world;
  private final Link link;
  private final CompletableFuture<Void> firstContact = new CompletableFuture<>();
  private final Map<String, Slot<?>> slots = new ConcurrentHashMap<>();

  public RemoteKvStore(World world, Backend backend, Settings settings, Metrics metrics) {
    this.world = world;
    StoreMetrics counted = new StoreMetrics(metrics, backend.kind());
    this.link = new Link(world, backend, new Requests(world, backend, counted), counted, settings);
  }

  @Override
  public <V extends Mergeable<V>> V get(Key<V> key) {
    return slot(key).value.view();
  }

  @Override
  public <V extends Mergeable<V>> CompletionStage<V> cas(Key<V> key, UnaryOperator<V> update) {
    return slot(key).writer.change(update);
  }

  @Override
  public CompletionStage<Void> delete(Key<?> key) {
    return slot(key).delete();
  }

  @Override
  public CompletionStage<List<String>> list(String prefix) {
    assert world.loop().inside() : "outside the loop";
    return link.requests().list(prefix);
  }

  @Override
  public <V extends Mergeable<V>> Watch watch(Key<V> key, Consumer<V> watcher) {
    Slot<V> slot = slot(key);
    Watch watch = slot.watchers.add(watcher);
    watcher.accept(slot.value.view());
    return watch;
  }

  /** Completes when the backend has answered for the first time. */
  @Override
  public CompletionStage<Void> firstContact() {
    return firstContact;
  }

  @Override
  public Optional<StoreTrouble> trouble(String key) {
    Slot<?> slot = slots.get(key);
    return slot == null ? Optional.empty() : slot.contact.trouble();
  }

  /** Follows nothing any more; the backend is its maker's to close. On the loop. */
  public void stop() {
    slots.values().forEach(slot -> slot.follower.stop());
  }

  @SuppressWarnings("unchecked") // a key's name and codec belong together
  private <V extends Mergeable<V>> Slot<V> slot(Key<V> key) {
    assert world.loop().inside() : "outside the loop";
    Slot<?> known = slots.get(key.name());
    if (known == null) {
      known = new Slot<>(key);
      slots.put(key.name(), known);
    }
    return (Slot<V>) known;
  }

  private final class Slot<V extends Mergeable<V>> {
    private final String key;
    private final RemoteValue<V> value;
    private final Contact contact;
    private final KeyFollower follower;
    private final KeyWriter<V> writer;
    private final Watchers<V> watchers = new Watchers<>();
    private V told;

    private Slot(Key<V> key) {
      this.key = key.name();
      value = new RemoteValue<>(key);
      told = value.view();
      contact = new Contact(world, "key " + key + " in " + link.backend().name());
      follower = new KeyFollower(link, key.name(), value, contact, this::tell);
      writer = new KeyWriter<>(link, key, value, contact, this::tell, follower::suspect);
      link.metrics()
          .key(
              key.name(), () -> contact.trouble().isEmpty() ? 1 : 0, () -> contact.silence() / 1e9);
    }

    private void tell() {
      firstContact.complete(null);
      V now = value.view();
      if (!now.equals(told)) {
        told = now;
        watchers.tell(now);
      }
    }

    private CompletionStage<Void> delete() {
      return link.requests()
          .delete(key)
          .thenAccept(
              gone -> {
                value.absorb(gone, 0, world.now());
                contact.heard(value.foreign());
                tell();
              });
    }
  }
}
