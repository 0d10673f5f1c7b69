/** The rules of gossip, pure: {@link io.ringdaemon.gossip.replica.Replica}. */
@NullMarked
package io.ringdaemon.gossip.replica;

import org.jspecify.annotations.NullMarked;
