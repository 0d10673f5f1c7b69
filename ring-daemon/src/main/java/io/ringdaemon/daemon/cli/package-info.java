/** The command line: {@link io.ringdaemon.daemon.cli.Main} and a class for each command. */
@NullMarked
package io.ringdaemon.daemon.cli;

import org.jspecify.annotations.NullMarked;
