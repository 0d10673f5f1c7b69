/** What gossip costs; run by {@code scripts/bench gossip}. */
@NullMarked
package io.ringdaemon.gossip.bench;

import org.jspecify.annotations.NullMarked;
