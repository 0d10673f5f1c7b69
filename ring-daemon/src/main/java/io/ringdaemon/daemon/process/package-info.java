/**
 * Commands this program starts: {@link io.ringdaemon.daemon.process.ProcessGroup}, and {@link
 * io.ringdaemon.daemon.process.LeasedCommand}, which ends in time even if this program can't see to
 * it.
 */
@NullMarked
package io.ringdaemon.daemon.process;

import org.jspecify.annotations.NullMarked;
