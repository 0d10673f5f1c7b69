/**
 * The immutable view that answers lookups: {@link io.ringdaemon.ring.Ring}, made by {@link
 * io.ringdaemon.ring.RingWatcher}.
 */
@NullMarked
package io.ringdaemon.ring;

import org.jspecify.annotations.NullMarked;
