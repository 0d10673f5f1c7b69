/**
 * What the daemon is told: {@link io.ringdaemon.daemon.config.ConfigSources} joins defaults, file,
 * {@code --set} and flags to one {@link io.ringdaemon.daemon.config.DaemonConfig}; {@link
 * io.ringdaemon.daemon.config.ConfigCheck} refuses what may not be started.
 */
@NullMarked
package io.ringdaemon.daemon.config;

import org.jspecify.annotations.NullMarked;
