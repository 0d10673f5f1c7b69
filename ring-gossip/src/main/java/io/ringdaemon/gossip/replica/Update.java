package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;

/**
 * A value, or a part of one, that somebody should merge under a key.
 *
 * @param generation Unix milliseconds of the key's last deletion, 0 if never: of two generations
 *     the later one counts, and what was written in an earlier one is gone
 */
public record Update<V extends Mergeable<V>>(Key<V> key, long generation, V value) {
  public Update(Key<V> key, V value) {
    this(key, 0, value);
  }
}
