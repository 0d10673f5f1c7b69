/** Who leads a ring: {@link io.ringdaemon.election.Leadership}. */
@NullMarked
package io.ringdaemon.election;

import org.jspecify.annotations.NullMarked;
