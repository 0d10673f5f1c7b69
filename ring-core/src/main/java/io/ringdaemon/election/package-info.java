/** Who leads a ring: {@link io.ringdaemon.election.Election}. */
@NullMarked
package io.ringdaemon.election;

import org.jspecify.annotations.NullMarked;
