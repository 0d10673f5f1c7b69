/** Where all parts meet: {@link io.ringdaemon.daemon.assembly.Daemon}. */
@NullMarked
package io.ringdaemon.daemon.assembly;

import org.jspecify.annotations.NullMarked;
