package io.ringdaemon.store;

import io.ringdaemon.time.World;

/** What all keys of one store share. */
record Link(
    World world,
    Backend backend,
    Requests requests,
    StoreMetrics metrics,
    RemoteKvStore.Settings settings) {}
