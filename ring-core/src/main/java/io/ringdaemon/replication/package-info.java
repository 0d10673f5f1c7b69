/**
 * Asking the instances of a replication set: {@link io.ringdaemon.replication.QuorumCall} until a
 * quorum answered, {@link io.ringdaemon.replication.Batch} for many keys at once. No thread, no
 * clock, no transport of its own.
 */
@NullMarked
package io.ringdaemon.replication;

import org.jspecify.annotations.NullMarked;
