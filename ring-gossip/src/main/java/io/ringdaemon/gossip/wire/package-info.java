/** Messages to bytes and back. */
@NullMarked
package io.ringdaemon.gossip.wire;

import org.jspecify.annotations.NullMarked;
