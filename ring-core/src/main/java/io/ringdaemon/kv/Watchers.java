package io.ringdaemon.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Those who watch one key, for the stores. Confined to the loop. */
public final class Watchers<V> {
  private final List<Consumer<V>> watchers = new ArrayList<>();

  public KvStore.Watch add(Consumer<V> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  public void tell(V value) {
    for (Consumer<V> watcher : List.copyOf(watchers)) {
      watcher.accept(value);
    }
  }
}
