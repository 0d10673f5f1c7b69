/**
 * What this machine gives the daemon; {@link io.ringdaemon.daemon.local.LogSetup} starts logging.
 */
@NullMarked
package io.ringdaemon.daemon.local;

import org.jspecify.annotations.NullMarked;
