/**
 * Rings kept by other programs: {@link io.ringdaemon.store.RemoteKvStore} over a {@link
 * io.ringdaemon.store.Backend}.
 */
@NullMarked
package io.ringdaemon.store;

import org.jspecify.annotations.NullMarked;
