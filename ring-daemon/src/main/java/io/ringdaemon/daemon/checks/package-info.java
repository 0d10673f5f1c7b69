/**
 * Health checks of the application that this daemon speaks for: {@link
 * io.ringdaemon.daemon.checks.Checks}.
 */
@NullMarked
package io.ringdaemon.daemon.checks;

import org.jspecify.annotations.NullMarked;
