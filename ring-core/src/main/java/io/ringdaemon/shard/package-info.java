/**
 * Shards of a ring for one tenant: {@link io.ringdaemon.shard.SubringCache} for those who ask
 * often, {@link io.ringdaemon.shard.ShuffleShard} behind it (reference/ring-semantics.md 5.7, 5.8).
 */
@NullMarked
package io.ringdaemon.shard;

import org.jspecify.annotations.NullMarked;
