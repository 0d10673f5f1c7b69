/** Time, chance and the one loop: {@link io.ringdaemon.time.World}. */
@NullMarked
package io.ringdaemon.time;

import org.jspecify.annotations.NullMarked;
