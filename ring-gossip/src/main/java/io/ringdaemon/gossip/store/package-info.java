/** A key-value store by gossip: {@link io.ringdaemon.gossip.store.GossipKvStore}. */
@NullMarked
package io.ringdaemon.gossip.store;

import org.jspecify.annotations.NullMarked;
