package io.ringdaemon.gossip.replica;

import io.ringdaemon.kv.Key;
import io.ringdaemon.kv.Mergeable;

/** A value, or a part of one, that somebody should merge under a key. */
public record Update<V extends Mergeable<V>>(Key<V> key, V value) {}
