package io.ringdaemon.lifecycle;

import io.ringdaemon.ring.Liveness;
import io.ringdaemon.ring.RingWatcher;
import io.ringdaemon.time.World;
import java.util.function.BiConsumer;

/** What the parts of one lifecycler share. Confined to the loop. */
record Surroundings(
    World world,
    LifecyclerConfig config,
    RingWatcher watcher,
    Liveness liveness,
    OwnEntry own,
    RingWriter writer,
    Standing standing,
    BiConsumer<String, String> journal) {}
