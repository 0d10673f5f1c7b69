/**
 * What is done when this node's instance begins or ceases to lead: {@link
 * io.ringdaemon.daemon.hooks.Hooks}.
 */
@NullMarked
package io.ringdaemon.daemon.hooks;

import org.jspecify.annotations.NullMarked;
