/**
 * Who leads a ring: {@link io.ringdaemon.election.Election} tells, and lets a node stand for the
 * lead; {@link io.ringdaemon.election.Leadership} is what it tells. The rules are in {@code
 * Candidacy}.
 */
@NullMarked
package io.ringdaemon.election;

import org.jspecify.annotations.NullMarked;
